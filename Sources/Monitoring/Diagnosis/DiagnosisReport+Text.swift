import Foundation

extension DiagnosisReport {
  /// The same report with its story filled in.
  var withStory: Self {
    var report = self
    report.story = sentences.joined(separator: " ")
    return report
  }

  private var sentences: [String] {
    findings + (circumstances.map { [$0.changeSentence] + $0.notes } ?? [])
  }

  private var findings: [String] {
    let change = revenueForecast > 0 ? revenueChange / revenueForecast : 0
    var sentences = [
      "From \(windowStart) to \(windowEnd) revenue was \(Diagnosis.money(revenue)), forecast "
        + "\(Diagnosis.money(revenueForecast)) (\(Diagnosis.percent(change)))."
    ]
    sentences += circumstances.map { [$0.checkSentence] } ?? []
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
    if let circumstances { lines += Self.lines(circumstances) }
    return (lines + ["", story, ""]).joined(separator: "\n")
  }

  private static func lines(_ circumstances: Circumstances) -> [String] {
    let checks = circumstances.checks.map { "\($0.isGood ? "ok     " : "NOT OK ") \($0.name): \($0.words)" }
    let changes = circumstances.changes.map { "\($0.time)  \($0.words)" }
    let none = changes.isEmpty ? ["nothing"] : []
    let rest = circumstances.omittedChangeCount > 0 ? ["and \(circumstances.omittedChangeCount) more"] : []
    return ["", "the machinery"] + checks + ["", "changed between \(circumstances.from) and \(circumstances.to)"]
      + changes
      + none + rest
  }
}
