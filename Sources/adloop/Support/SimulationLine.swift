import Foundation
import Simulation

/// How a simulation goes, on standard error: one line that changes where that is a terminal, else a line now and then.
struct SimulationLine {
  private let isShown: Bool
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant?
  private var row = 0

  /// Rows that are left standing in a run.
  private static let rowCount = 12

  init(isShown: Bool) {
    self.isShown = isShown
    start = clock.now
  }

  mutating func show(_ progress: SimulationRun.Progress) {
    guard isShown else { return }
    if row == 0, progress.counts.requests > 0 { head() }
    let due = Int(Double(progress.elapsed) / Double(progress.total) * Double(Self.rowCount))
    if due >= row, row > 0 {
      write("\(isTerminal ? "\r\u{1B}[K" : "")\(text(progress))\n")
      row = due + 1
    } else if isTerminal, last.map({ clock.now - $0 > .milliseconds(200) }) ?? true {
      last = clock.now
      write("\r\u{1B}[K\(text(progress)) …")
    }
  }

  func finish() {
    if isShown, isTerminal { write("\r\u{1B}[K") }
  }

  private mutating func head() {
    row = 1
    write("simulated   views    views/s  CTR      revenue/1000  lost to the best  of the reachable\n")
  }

  private func text(_ progress: SimulationRun.Progress) -> String {
    let seconds = (clock.now - start) / .seconds(1)
    let latest = progress.latest
    let hours = Double(progress.elapsed) / 3_600_000
    let cells = [
      (hours.formatted(decimals: 1) + " h", 12), (String(progress.counts.requests), 9),
      ((Double(progress.counts.requests) / max(seconds, 0.001)).formatted(decimals: 0), 9),
      (latest.ctr?.formatted(decimals: 4) ?? "–", 9), (latest.revenuePerMille?.formatted(decimals: 2) ?? "–", 14),
      (latest.comparison.regret?.formatted(decimals: 4) ?? "–", 18),
      (latest.comparison.valueOverReachable.map { (100 * $0).formatted(decimals: 1) + " %" } ?? "–", 0),
    ]
    return cells.map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }.joined()
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
