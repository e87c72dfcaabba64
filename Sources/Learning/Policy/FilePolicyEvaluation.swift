import Foundation
import Ranking

/// Which policy is asked about.
public enum PolicySource: Sendable {
  /// Every ad of the file, and of the file joined to it, is as likely.
  case uniform
  /// Probabilities in a file.
  case table(URL)
  /// The ad with the highest probability of a click by this model, among the ads of the file.
  case model(Model)
}

/// What a click is worth.
public enum PolicyReward: String, Sendable, CaseIterable, Codable {
  /// 1 a click: the estimates are CTRs.
  case click
  /// The price of a click: the estimates are revenue an impression.
  case revenue
}

/// What a policy would have earned, estimated from a file of impressions with logged propensities.
public struct FilePolicyEvaluation: Sendable {
  public let report: PolicyReport
  /// Rows that couldn't be used, and the first of them.
  public let rejectedCount: Int
  public let rejected: [RejectedLine]

  /// Strength of the reward model's prior, in impressions: q = (rewards of the ad + n · mean)/(impressions of the ad + n).
  public static let priorImpressionCount = 100.0
  /// Rows times ads that a model may have to score.
  public static let scoredPairCountMax = 200_000_000

  /// Reads `file` and estimates; `clips` are limits of weights to show beside the unlimited estimates.
  ///
  /// - throws: ``LearningError`` when a file can't be read, a value is missing or nothing can be estimated.
  public init(
    _ file: URL, mapping: HistoryMapping, policy: PolicySource, reward: PolicyReward = .click, clips: [Double] = [],
    progress: (_ rowCount: Int, _ share: Double?) -> Void = { _, _ in }
  ) throws(LearningError) {
    guard mapping.propensity != nil else {
      throw LearningError(.invalidMapping, "the mapping has no propensity; without it no policy can be evaluated")
    }
    var reading = try PolicyReading(policy, mapping: mapping)
    let reader = try HistoryReader(file, mapping: mapping)
    var history = HistoryReport()
    while let next = try reader.nextRow() {
      switch next {
      case .success(let (row, record)): reading.add(row, record, reward: reward, reader: reader)
      case .failure(let line): history.add(line)
      }
      if reader.rowCount % 10_000 == 0 { progress(reader.rowCount, reader.fraction) }
    }
    let (log, objections) = try reading.finish()
    var evidence = log.evidence()
    evidence.objections += objections
    progress(reader.rowCount, 1)
    guard !log.rows.isEmpty else {
      throw LearningError(
        .noExamples, "\(file.path) has no row that can be used\(history.rejected.first.map { ": \($0.reason)" } ?? "")")
    }
    report = try PolicyReport(evidence, clips: clips)
    (rejectedCount, rejected) = (history.rejectedCount, history.rejected)
  }
}

extension PolicyLog {
  /// Weights' parts and the reward model's answers for each row.
  func evidence() -> PolicyReport.Evidence {
    var (sums, counts) = ([Double](repeating: 0, count: choiceCount), [Double](repeating: 0, count: choiceCount))
    var seen = Set<SlotChoice>()
    for row in rows {
      sums[row.choice] += row.reward
      counts[row.choice] += 1
      seen.insert(SlotChoice(slot: row.slot, choice: row.choice))
    }
    let prior = FilePolicyEvaluation.priorImpressionCount
    let mean = rows.isEmpty ? 0 : rows.reduce(0) { $0 + $1.reward } / Double(rows.count)
    let expected = zip(sums, counts).map { ($0 + prior * mean) / ($1 + prior) }
    let values = policy.map { $0.reduce(0) { $0 + $1.probability * expected[$1.choice] } }
    var evidence = PolicyReport.Evidence()
    var unsupported: [SlotChoice: Double] = [:]
    var unsupportedSum = 0.0
    let probabilities = policy.map { Dictionary(uniqueKeysWithValues: $0.map { ($0.choice, $0.probability) }) }
    for row in rows {
      evidence.rewards.append(row.reward)
      evidence.targetProbabilities.append(probabilities[row.condition][row.choice] ?? 0)
      evidence.propensities.append(row.propensity)
      evidence.expectedLogged.append(expected[row.choice])
      evidence.expectedTarget.append(values[row.condition])
      let place = SlotChoice(slot: row.slot, choice: row.condition)
      let share =
        unsupported[place]
        ?? policy[row.condition].reduce(0) {
          $0 + (seen.contains(SlotChoice(slot: row.slot, choice: $1.choice)) ? 0 : $1.probability)
        }
      unsupported[place] = share
      unsupportedSum += share
    }
    evidence.unsupportedShare = rows.isEmpty ? nil : unsupportedSum / Double(rows.count)
    return evidence
  }

  private struct SlotChoice: Hashable {
    let slot: Int
    let choice: Int
  }
}
