import Simulation

/// The result of a simulation as a table.
enum SimulationTable {
  static func text(_ report: SimulationReport) -> String {
    var table = TextTable(["measure", "value"])
    let (total, summary) = (report.total, report.summary)
    table.add(["page views", String(total.requests)])
    table.add(["page views a second", report.viewsPerSecond.formatted(decimals: 0)])
    table.add(["fill", text(summary.fill, 4)])
    table.add(["impressions", String(total.impressions)])
    table.add(["clicks", String(total.clicks)])
    table.add(["conversions", String(total.conversions)])
    table.add(["CTR", text(summary.ctr, 5)])
    table.add(["revenue", text(total.revenue, 2)])
    table.add(["revenue / 1000 page views", text(summary.revenuePerMille, 2)])
    table.add(["predicted / true clicks, all", text(summary.calibration, 3)])
    table.add(["predicted / true clicks, latest hours", text(summary.latestCalibration, 3)])
    table.add(["regret a page view, first hour", text(summary.firstHourRegret, 4)])
    table.add(["regret a page view, latest hours", text(summary.latestRegret, 4)])
    table.add(["revenue / random ads' at full bids, all", text(summary.revenueOverRandom, 2)])
    table.add(["revenue / best reachable with the features, latest", text(summary.latestRevenueOverReachable, 3)])
    table.add(["value / best reachable with the features, latest", text(summary.latestValueOverReachable, 3)])
    table.add(["value / best with all truth, latest", text(summary.latestValueOverBest, 3)])
    table.add(["events accepted, duplicate, rejected", events(total)])
    return ([table.text] + notes(report)).joined(separator: "\n")
  }

  static func hint(url: String, dataDir: String) -> String {
    "next: adloop models list --data-dir \(dataDir), adloop diagnose --last 1h --data-dir \(dataDir), or curl \(url)/metrics"
  }

  private static func text(_ number: Double?, _ decimals: Int) -> String {
    number?.formatted(decimals: decimals) ?? "–"
  }

  private static func events(_ counts: TrafficCounts) -> String {
    "\(counts.acceptedEvents), \(counts.duplicateEvents), \(counts.rejectedEvents)"
  }

  private static func notes(_ report: SimulationReport) -> [String] {
    let total = report.total
    var notes: [String] = []
    if total.unknownAds > 0 {
      notes.append(
        "\(total.unknownAds) served ads aren't in the world's catalog; name the server's with --catalog FILE")
    }
    if let reason = total.rejection { notes.append("\(total.rejectedEvents) events rejected, the first: \(reason)") }
    if total.failedRequests > 0 {
      notes.append("\(total.failedRequests) page views were turned away: the server is too busy")
    }
    for fault in report.key.faults {
      if let reason = fault.leftOut { notes.append("fault \(fault.fault) was left out: \(reason)") }
    }
    return notes
  }
}
