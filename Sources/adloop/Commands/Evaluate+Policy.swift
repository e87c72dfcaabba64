import AdServer
import Foundation
import Learning
import Ranking

extension Evaluate {
  /// Answers what `policy` would have earned.
  func showPolicy(_ policy: String) throws {
    var bar = ProgressBar("evaluate")
    var answer: PolicyAnswer
    if let file, let mapping {
      let evaluation = try FilePolicyEvaluation(
        URL(fileURLWithPath: file), mapping: HistoryMapping(contentsOf: URL(fileURLWithPath: mapping)),
        policy: source(policy), reward: reward, clips: clip
      ) { rows, share in bar.update(rows, share: share) }
      bar.finish()
      reportRejected(evaluation.rejectedCount, evaluation.rejected)
      answer = PolicyAnswer(report: evaluation.report, policy: policy, reward: reward)
    } else {
      let opened = try system.caughtUp()
      let record = try opened.registry.record(policy)
      let evaluation = try StorePolicyEvaluation(
        store: opened.store, plan: Plan(model: opened.registry.model(record.id), catalog: opened.openCatalog()),
        rewardModel: opened.registry.model(model), objective: opened.settings.ranking.objective,
        pricing: opened.settings.ranking.pricing, reservePrice: opened.settings.ranking.reservePrice, reward: reward,
        clips: clip
      ) { done, total in bar.update(done, of: total) }
      bar.finish()
      answer = PolicyAnswer(report: evaluation.report, policy: record.id, reward: reward)
    }
    try output.show(answer, text: answer.text)
  }

  private func source(_ policy: String) throws -> PolicySource {
    if policy == "uniform" { return .uniform }
    if FileManager.default.fileExists(atPath: policy) { return .table(URL(fileURLWithPath: policy)) }
    guard !policy.contains("/"), !policy.hasSuffix(".csv") else {
      throw CommandError("\(policy): there is no such file")
    }
    return .model(try system.caughtUp().registry.model(policy))
  }
}

/// What a policy would have earned; in JSON all are members of one object.
private struct PolicyAnswer: Encodable {
  let report: PolicyReport
  let policy: String
  let reward: PolicyReward

  private enum CodingKeys: CodingKey {
    case policy, reward
  }

  func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(policy, forKey: .policy)
    try container.encode(reward, forKey: .reward)
  }

  var text: String {
    var table = TextTable(["estimator", "value", "error", "95 % interval"])
    table.add(["logged", number(report.logged), "–", "–"])
    for (name, estimate) in report.estimates {
      table.add([
        name, number(estimate?.value), number(estimate?.standardError), QualityTable.text(estimate?.interval),
      ])
    }
    table.add(["sndr", number(report.selfNormalizedDoublyRobust), "–", "–"])
    if let replay = report.replay { table.add(["replay of \(report.replayCount ?? 0)", number(replay), "–", "–"]) }
    for clipped in report.clipped {
      let limit = PolicyReport.text(clipped.limit)
      table.add(["ips, weights ≤ \(limit)", number(clipped.ips), "–", "–"])
      table.add(["switch dr at \(limit)", number(clipped.switchDoublyRobust), "–", "–"])
    }
    return "\(policy), \(reward.rawValue) an impression, from \(report.rowCount) impressions\n\n\(table.text)\n\n"
      + weights.text + "\n\n" + verdict
  }

  private var weights: TextTable {
    var table = TextTable(["weights", "value"])
    table.add(["mean", number(report.meanWeight.value)])
    table.add(["largest", number(report.maximumWeight)])
    table.add(["largest, share of all", number(report.maximumWeightShare)])
    table.add(["effective sample size", report.effectiveSampleSize.formatted(decimals: 1)])
    table.add(["share of rows with weight 0", number(report.zeroShare)])
    table.add(["share of choices without support", number(report.unsupportedShare)])
    return table
  }

  private var verdict: String {
    guard !report.isUsable else { return "usable" }
    return "UNUSABLE:\n" + report.objections.map { "- \($0)" }.joined(separator: "\n")
  }

  private func number(_ value: Double?) -> String { QualityTable.text(value) }
}
