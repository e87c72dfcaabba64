import Foundation

/// A bar on standard error while long work runs; says nothing where that is no terminal.
///
/// Not thread-safe: one thread reports.
struct ProgressBar {
  private let label: String
  private let isShown = isatty(STDERR_FILENO) == 1
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant?

  init(_ label: String) {
    self.label = label
    start = clock.now
  }

  /// Draws how much is done, at most ten times a second; without a total only the count.
  mutating func update(_ done: Int, of total: Int? = nil) {
    let now = clock.now
    guard isShown, last.map({ now - $0 > .milliseconds(100) }) ?? true || done == total else { return }
    last = now
    let seconds = (now - start) / .seconds(1)
    let rate = seconds > 0 ? Int(Double(done) / seconds) : 0
    guard let total, total > 0 else { return draw("\(label) \(done) (\(rate)/s)") }
    let filled = min(30, 30 * done / total)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
    draw("\(label) \(bar) \(100 * done / total) % (\(rate)/s)")
  }

  /// Draws a count whose total is known only as the share that is done.
  mutating func update(_ done: Int, share: Double?) {
    update(done, of: share.flatMap { $0 > 0 ? Int(Double(done) / $0) : nil })
  }

  /// Takes the bar away.
  func finish() {
    if isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
  }

  private func draw(_ text: String) {
    FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
  }
}
