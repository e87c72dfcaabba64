import Dispatch
import Logging
import ServiceLifecycle

/// Runs a step again and again on a queue of its own, until the process stops gracefully.
///
/// A step that throws is logged and counted by its owner, and runs again after the same pause.
public struct BackgroundLoop: Service {
  private let queue: DispatchQueue
  private let pauseMilliseconds: Int
  private let logger: Logger
  private let step: @Sendable () throws -> Void

  init(
    label: String, priority: DispatchQoS, pauseMilliseconds: Int, logger: Logger,
    step: @escaping @Sendable () throws -> Void
  ) {
    queue = DispatchQueue(label: label, qos: priority)
    self.pauseMilliseconds = pauseMilliseconds
    self.logger = logger
    self.step = step
  }

  /// Returns after the step that is under way when the shutdown begins has ended.
  public func run() async throws {
    let timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now(), repeating: .milliseconds(pauseMilliseconds))
    timer.setEventHandler { [step, logger, queue] in
      do { try step() } catch { logger.error("\(queue.label) failed and runs again: \(error)") }
    }
    timer.activate()
    try? await gracefulShutdown()
    timer.cancel()
    await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
  }
}
