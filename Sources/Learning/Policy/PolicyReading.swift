import Foundation
import Ranking

/// Turns the rows of a file into a ``PolicyLog`` for one policy.
struct PolicyReading {
  private let mapping: HistoryMapping
  private let source: Source
  private var log = PolicyLog()
  /// Ads by what they may replace: the file joined to their rows.
  private var ads: [String: [String: [String: String]]] = [:]
  private var requests: [String: HistoryRecord] = [:]
  private var foreignCount = 0
  private var missingColumns: Set<String> = []

  private enum Source {
    case uniform
    case table(PolicyTable)
    case model(Model)
  }

  init(_ policy: PolicySource, mapping: HistoryMapping) throws(LearningError) {
    self.mapping = mapping
    switch policy {
    case .uniform: source = .uniform
    case .table(let file): source = .table(try PolicyTable(file, mapping: mapping))
    case .model(let model): source = .model(model)
    }
  }

  mutating func add(_ row: HistoryRow, _ record: HistoryRecord, reward: PolicyReward, reader: HistoryReader) {
    let gain = record.clicked ? (reward == .click ? 1 : record.price) : 0
    var (condition, choice) = ("", record.ad)
    switch source {
    case .uniform:
      condition = reader.joinedFile(row)
      if ads[condition] == nil {
        ads[condition] = Dictionary(reader.joinedAds(row).map { ($0, [:]) }) { first, _ in first }
      }
      ads[condition]?[record.ad] = [:]
    case .table(let table):
      guard let keys = keys(table, row, record) else { return }
      (condition, choice) = keys
    case .model:
      condition = "\(record.slot) " + JSONText.encode(record.context)
      requests[condition] = record
      ads["", default: [:]][record.ad] = record.attributes
    }
    log.add(
      condition: condition, choice: choice, slot: record.slot, propensity: record.propensity, reward: gain)
  }

  /// The log with the policy in it, and what speaks against the estimates.
  ///
  /// - throws: ``LearningError`` when the policy doesn't fit the rows.
  mutating func finish() throws(LearningError) -> (log: PolicyLog, objections: [String]) {
    switch source {
    case .uniform:
      for (condition, known) in ads {
        log.set(known.mapValues { _ in 1 / Double(known.count) }, condition: condition)
      }
      return (log, [])
    case .table(let table): return try finish(table)
    case .model(let model):
      try chooseBest(by: model)
      return (log, [])
    }
  }

  private mutating func keys(
    _ table: PolicyTable, _ row: HistoryRow, _ record: HistoryRecord
  ) -> (condition: String, choice: String)? {
    let value = { (column: String) -> String? in
      switch column {
      case "ad": record.ad
      case "slot": "\(record.slot)"
      default: row[column]
      }
    }
    guard let condition = PolicyTable.key(table.conditionColumns, value),
      let choice = PolicyTable.key(table.choiceColumns, value)
    else {
      missingColumns.formUnion((table.conditionColumns + table.choiceColumns).filter { value($0) == nil })
      return nil
    }
    if table.choices[condition] == nil { foreignCount += 1 }
    return (condition, choice)
  }

  private mutating func finish(_ table: PolicyTable) throws(LearningError) -> (log: PolicyLog, objections: [String]) {
    guard missingColumns.isEmpty else {
      throw LearningError(
        .invalidMapping,
        "the policy has a column \(missingColumns.sorted().joined(separator: ", ")), which rows of the log don't have")
    }
    for (condition, choices) in table.choices { log.set(choices, condition: condition) }
    var objections: [String] = []
    if foreignCount > 0 { objections.append("the policy says nothing about \(foreignCount) rows") }
    if table.unbalancedCount > 0 {
      objections.append("the probabilities of \(table.unbalancedCount) conditions of the policy don't sum to 1")
    }
    return (log, objections)
  }

  private mutating func chooseBest(by model: Model) throws(LearningError) {
    let known = (ads[""] ?? [:]).sorted { $0.key < $1.key }
    guard requests.count * known.count <= FilePolicyEvaluation.scoredPairCountMax else {
      throw LearningError(
        .limitReached, "\(requests.count) different requests times \(known.count) ads are too many; take fewer rows")
    }
    for (condition, record) in requests {
      var best: (ad: String, probability: Double)?
      for (ad, attributes) in known {
        let probability = model.probability(context: record.context, attributes: attributes, slot: record.slot)
        if probability > best?.probability ?? -1 { best = (ad, probability) }
      }
      if let best { log.set([best.ad: 1], condition: condition) }
    }
  }
}
