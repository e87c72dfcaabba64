import Foundation
import Monitoring

extension SimulationReport {
  /// A self-contained page with the run's curves.
  public var html: String {
    let regret = Curve("regret a page view", hours.map(\.comparison.regret))
    let values = [
      Curve("this server", hours.map { $0.comparison.valuePerRequest(\.own) }),
      Curve("reachable with the features", hours.map { $0.comparison.valuePerRequest(\.reachable) }),
      Curve("best", hours.map { $0.comparison.valuePerRequest(\.best) }),
      Curve("random", hours.map { $0.comparison.valuePerRequest(\.random) }),
    ]
    let charts = [
      CurveChart("Regret: value a page view lost against the best ads", [regret]),
      CurveChart("Value a page view: Σ bid × true click probability", values),
      CurveChart("Revenue of 1000 page views", [Curve("revenue", hours.map(\.revenuePerMille))]),
      CurveChart("CTR", [Curve("CTR", hours.map(\.ctr))]),
      CurveChart("Predicted over true clicks", [Curve("calibration", hours.map(\.calibration))]),
      CurveChart("Page views an hour", [Curve("page views", hours.map { Double($0.requests) })]),
    ]
    return """
      <!doctype html>
      <meta charset="utf-8"><title>AdLoop simulation</title>
      <style>body{font:15px system-ui;max-width:860px;margin:2em auto;color:#223}svg{width:100%}</style>
      <h1>A simulated world</h1>
      <p>\(start) to \(end): \(total.requests) page views, \(total.clicks) clicks. The hours are those since the beginning.</p>
      \(charts.map(\.svg).joined(separator: "\n"))

      """
  }
}

extension TrafficCounts.Comparison {
  /// Mean value of a choice; `nil` without samples.
  func valuePerRequest(_ choice: KeyPath<Self, Oracle.Worth>) -> Double? {
    ratio(self[keyPath: choice].value, Double(requests))
  }

  /// Value of the answers over that of the best choice by the schema's fields.
  public var valueOverReachable: Double? { ratio(own.value, reachable.value) }
}
