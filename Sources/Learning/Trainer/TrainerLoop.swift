import Foundation

/// A thread that repeats a piece of work at an interval, at low priority.
final class TrainerLoop: @unchecked Sendable {
  private let condition = NSCondition()
  private var isRunning = false
  private var isStopping = false
  private var isAwake = false

  /// Added to the thread's niceness.
  private static let niceness: Int32 = 10

  /// Starts the thread; does nothing when it runs.
  func start(seconds: Double, work: @escaping @Sendable () -> Void) {
    condition.lock()
    defer { condition.unlock() }
    guard !isRunning else { return }
    (isRunning, isStopping) = (true, false)
    let thread = Thread { [self] in
      // On Linux this is the priority of the calling thread alone.
      _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, Self.niceness)
      while wait(seconds: seconds) { work() }
      finish()
    }
    thread.name = "adloop.trainer"
    thread.start()
  }

  /// Ends the current pause.
  func wake() {
    condition.lock()
    defer { condition.unlock() }
    isAwake = true
    condition.broadcast()
  }

  /// Asks the thread to end and waits until it has.
  func stop() {
    condition.lock()
    defer { condition.unlock() }
    isStopping = true
    condition.broadcast()
    while isRunning { condition.wait() }
  }

  /// Waits for the next turn; false when the thread shall end.
  private func wait(seconds: Double) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    let end = Date().addingTimeInterval(seconds)
    while !isStopping, !isAwake, condition.wait(until: end) {}
    isAwake = false
    return !isStopping
  }

  private func finish() {
    condition.lock()
    defer { condition.unlock() }
    isRunning = false
    condition.broadcast()
  }
}
