import Dispatch
import HTTPServer

extension Handler {
  /// Answers off the event loops, since the disk is waited for.
  static func answeringLater(_ body: @escaping @Sendable (Request) throws -> Response) -> Handler {
    .deferred { request, responder in
      DispatchQueue.global().async {
        do { responder(try body(request)) } catch { responder(ErrorResponse.of(error)) }
      }
    }
  }
}
