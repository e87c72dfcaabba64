import Events
import Foundation
import Learning

/// The log, and the join of its events.
struct DataCheck {
  private let system: AdSystem

  /// Events that may wait for the join while traffic is on.
  private static let lagEventCountMax = 100_000

  init(_ system: AdSystem) {
    self.system = system
  }

  var log: Finding {
    let report = system.log.report
    guard report.unreadableEventCount > 0 else { return .ok("log", "\(report)") }
    return .warning(
      "log", "\(report)",
      remedy: "a later release wrote them, or the disk damaged them: look at 'adloop_join_events_total'")
  }

  var join: Finding {
    do {
      let health = try system.joiner.health()
      let gate = system.settings.trainer.gate
      let text =
        "\(health.lagEventCount) events waiting, coverage \(Self.percent(health.coverage)), "
        + "duplicates \(Self.percent(health.duplicateRate))"
      if health.lagEventCount > Self.lagEventCountMax {
        return .warning("join", text, remedy: "start the server, or run any command that joins, such as 'adloop train'")
      }
      if health.coverage < gate.joinCoverageMin || health.duplicateRate > gate.duplicateRateMax {
        return .warning("join", text, remedy: "check the pages' tags: clicks come without impressions, or events twice")
      }
      return .ok("join", text)
    } catch { return .failed("join", "\(error)", remedy: "the store can be made again from the log") }
  }

  var invariants: Finding {
    do {
      let violations = try system.joiner.violations()
      guard !violations.isEmpty else { return .ok("invariants", "no slot has more joined clicks than impressions") }
      return .failed(
        "invariants", violations.joined(separator: "; "), remedy: "keep a copy of the data directory and report it")
    } catch { return .failed("invariants", "\(error)", remedy: "see the finding on the join") }
  }

  private static func percent(_ share: Double) -> String {
    String(format: "%.1f %%", share * 100)
  }
}
