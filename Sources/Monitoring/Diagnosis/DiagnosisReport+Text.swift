import Foundation

extension DiagnosisReport {
  /// The same report with its story filled in.
  var withStory: Self {
    DiagnosisReport(
      windowStart: windowStart, windowEnd: windowEnd, referenceDays: referenceDays, anomaly: anomaly, verdict: verdict,
      revenue: revenue, revenueForecast: revenueForecast, factors: factors, causes: causes, hours: hours,
      repairs: repairs, story: sentences.joined(separator: " "))
  }

  private var sentences: [String] {
    let change = revenueForecast > 0 ? revenueChange / revenueForecast : 0
    var sentences = [
      "From \(windowStart) to \(windowEnd) revenue was \(Diagnosis.money(revenue)), forecast "
        + "\(Diagnosis.money(revenueForecast)) (\(Diagnosis.percent(change)))."
    ]
    guard anomaly, let first = causes.first else {
      sentences.append("Nothing is wrong: no part of the traffic lost a material share of revenue.")
      sentences += causes.prefix(1).map { "The largest movement: \($0.words)." }
      return sentences + repairs
    }
    let infrastructure = factors.filter(\.factor.isInfrastructure).reduce(0) { $0 + $1.contribution }
    sentences.append(
      "Requests, fill and rendering changed it by \(Diagnosis.money(infrastructure)), clicks and price by "
        + "\(Diagnosis.money(revenueChange - infrastructure)).")
    sentences.append("This is a matter of \(verdict.rawValue). First cause: \(first.words). \(first.kind.advice)")
    sentences += causes.dropFirst().prefix(2).map { "Besides: \($0.words)." }
    return sentences + repairs
  }

  /// The report as a table of factors, a list of causes and the story.
  public var plainText: String {
    var lines = ["factor      contribution    share of the change"]
    for factor in factors {
      let name = factor.factor.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0)
      let share = factor.share.map { Diagnosis.percent($0) } ?? "–"
      lines.append(name + String(format: "%14.2f", factor.contribution) + "    " + share)
    }
    lines.append("sum       " + String(format: "%14.2f", revenueChange))
    lines.append("")
    lines += causes.enumerated().map { "\($0 + 1). \($1.kind.rawValue), \($1.words)" }
    if causes.isEmpty { lines.append("No causes.") }
    return (lines + ["", story, ""]).joined(separator: "\n")
  }
}
