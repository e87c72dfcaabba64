import Foundation

extension ProxyAnalysis.Candidate {
  /// Moves with the business metric, and not only by the chance of the same clicks.
  var isShown: Bool {
    if let experiments { return experiments.interval.isAbove0 }
    guard let adjusted, let disjoint else { return false }
    return adjusted.interval.isAbove0 && disjoint.interval.isAbove0
  }

  /// By what to order candidates: past experiments first, by the lower end of the true effects' correlation; then days, by
  /// the worse of the lower ends with and without shared noise.
  var rank: Double {
    if let experiments { return 10 + experiments.interval.low + 1e-3 * experiments.correlation }
    guard let adjusted else { return -3 }
    return disjoint.map { min($0.interval.low, adjusted.interval.low) } ?? adjusted.interval.low - 1
  }
}

extension ProxyAnalysis {
  static func words(_ relation: EffectRelation?, _ adjusted: Correlation?, _ disjoint: Correlation?) -> String {
    if let relation { return words(relation) }
    guard let adjusted else { return "too few data to judge" }
    if adjusted.interval.low <= 0 && adjusted.interval.high >= 0 { return "no relation is shown" }
    guard adjusted.value > 0 else { return "moves the other way: don't optimise it" }
    guard let disjoint, disjoint.interval.isAbove0 else {
      return "moves along \(strength(adjusted.value)), but that may only be the chance of the same clicks"
    }
    return "moves along \(strength(adjusted.value)), also among other users"
  }

  private static func words(_ relation: EffectRelation) -> String {
    if relation.interval.isBelow0 { return "arms that raise it lower the goal: don't optimise it" }
    if !relation.interval.isAbove0 { return "past experiments show no relation" }
    return "arms that raise it raise the goal, \(strength(relation.correlation))"
  }

  private static func strength(_ correlation: Double) -> String {
    correlation >= 0.7 ? "strongly" : correlation >= 0.3 ? "moderately" : "weakly"
  }

  /// The best candidate that is shown to move with the business metric, and why.
  func recommend(_ goal: MetricDefinition) -> String {
    guard let best = candidates.first, best.experiments != nil || best.adjusted != nil else {
      return
        "Too few data: \(bucketCount) \(bucket.rawValue)s with \(Int(ProxyOptions.impressionCountMin)) impressions or more "
        + "and \(comparisonCount) comparisons of past experiments; \(ProxyOptions.observationCountMin + 1) "
        + "\(bucket.rawValue)s in a row or \(ProxyOptions.comparisonCountMin) comparisons are the least. Judge by "
        + "\(goal.title) itself."
    }
    if best.isShown { return "Take \(best.proxy.title) as the proxy: \(reasons(best, goal))." }
    if let shared = candidates.first(where: { $0.experiments == nil && $0.adjusted?.interval.isAbove0 == true }) {
      return
        "\(shared.proxy.title) goes up and down with \(goal.title), but not between one half of the users and the other: "
        + "it may be the chance of the same clicks. Judge by \(goal.title) itself."
    }
    return
      "No candidate is shown to move with \(goal.title) over \(comparisonCount) comparisons of past experiments and "
      + "\(bucketCount) \(bucket.rawValue)s: judge by \(goal.title) itself."
  }

  private func reasons(_ best: Candidate, _ goal: MetricDefinition) -> String {
    var reasons: [String] = []
    if let relation = best.experiments {
      let agreement = relation.signAgreement.map { ", the same way in \(Text.percent($0)) of them among other users" }
      reasons.append(
        "in \(relation.comparisonCount) comparisons of past experiments its true effects go with those on \(goal.title) "
          + "(correlation \(Text.correlation(relation.correlation)), \(Text.range(relation.interval)); as measured, with the "
          + "noise of the same users, \(Text.correlation(relation.naiveCorrelation))\(agreement ?? ""))")
    }
    if let adjusted = best.adjusted {
      let other = best.disjoint.map { ", between one half of the users and the other \(Text.correlation($0.value))" }
      reasons.append(
        "by \(bucket.rawValue) both go up and down together by \(Text.correlation(adjusted.value)) "
          + "(\(Text.range(adjusted.interval))\(other ?? ""))")
    }
    if let units = best.unitsPerArm, let needed = businessUnitsPerArm {
      reasons.append(
        "a change of \(Text.percent(relativeEffect)) takes \(Text.count(units)) users an arm to be seen, against "
          + "\(Text.count(needed)) for \(goal.title)")
    }
    return reasons.joined(separator: "; ")
  }
}
