import HTTPTypes
import Synchronization

/// The right to answer one request, once, from any thread. A second answer is ignored; when every copy is dropped without
/// an answer, the client gets 500, so no request hangs for a handler's mistake.
public struct Responder: Sendable {
  private final class Once: Sendable {
    private let answered = Atomic(false)
    private let answer: @Sendable (Response) -> Void

    init(_ answer: @escaping @Sendable (Response) -> Void) {
      self.answer = answer
    }

    func callAsFunction(_ response: Response) {
      if !answered.exchange(true, ordering: .acquiringAndReleasing) { answer(response) }
    }

    deinit {
      callAsFunction(Problem(.internalServerError, detail: "The request was dropped. Try again.").response)
    }
  }

  private let once: Once

  /// - Parameter answer: called exactly once, on the thread that answers or drops.
  public init(_ answer: @escaping @Sendable (Response) -> Void) {
    once = Once(answer)
  }

  public func callAsFunction(_ response: Response) { once(response) }

  public func callAsFunction(_ problem: Problem) { once(problem.response) }
}
