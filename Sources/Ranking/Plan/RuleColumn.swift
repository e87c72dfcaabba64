import Atomics
import Catalog
import Events
import Features

/// Distinct targeting rules, evaluated once a request.
///
/// For each value of each targeted field there is a list of the rules that allow it and one of those that forbid it; a rule
/// matches when each of its conditions is met, so a request counts its values' lists off. Schedules change with the minute,
/// so which of them are open is found once a minute.
struct RuleColumn: Sendable {
  let bucketCount: Int
  /// The bucket of each rule; rules share buckets when there are too many.
  let bucketOfRule: [UInt8]
  /// Conditions of each rule that aren't met by saying nothing; a schedule is one.
  private let conditionCounts: [UInt8]
  private let allowing: [TargetedField]
  private let forbidding: [TargetedField]
  /// The rules of each distinct schedule.
  private let scheduled: [[TimeWindow]: [UInt32]]
  private let openRules = ManagedAtomic(OpenRules(minute: .min, rules: []))

  /// The rules whose schedule is open in a minute.
  private final class OpenRules: AtomicReference, Sendable {
    let minute: Int64
    let rules: [UInt32]

    init(minute: Int64, rules: [UInt32]) {
      self.minute = minute
      self.rules = rules
    }
  }

  /// The rules that name a value of a field.
  private final class TargetedField: Sendable {
    let name: String
    private let rulesOfValue: [ExactText: [UInt32]]

    init(name: String, _ rulesOfValue: [ExactText: [UInt32]]) {
      self.name = name
      self.rulesOfValue = rulesOfValue
    }

    func rules(naming value: String?) -> [UInt32] { value.flatMap { rulesOfValue[ExactText($0)] } ?? [] }
  }

  init(_ rules: [TargetingRule]) {
    var allowing: [String: [ExactText: [UInt32]]] = [:]
    var forbidding: [String: [ExactText: [UInt32]]] = [:]
    for (index, rule) in rules.enumerated() {
      for condition in rule.conditions {
        for value in condition.values.map({ ExactText($0) }) {
          if condition.isForbidding {
            forbidding[condition.field, default: [:]][value, default: []].append(UInt32(index))
          } else {
            allowing[condition.field, default: [:]][value, default: []].append(UInt32(index))
          }
        }
      }
    }
    conditionCounts = rules.map { rule in
      UInt8(rule.conditions.count { !$0.isForbidding } + (rule.schedule.isEmpty ? 0 : 1))
    }
    self.allowing = allowing.map { TargetedField(name: $0, $1) }
    self.forbidding = forbidding.map { TargetedField(name: $0, $1) }
    let timed = rules.indices.filter { !rules[$0].schedule.isEmpty }
    scheduled = Dictionary(grouping: timed.map { UInt32($0) }) { rules[Int($0)].schedule }
    bucketCount = min(rules.count, CrossColumn.bucketCountMax)
    bucketOfRule = Self.buckets(rules, bucketCount)
  }

  var ruleCount: Int { conditionCounts.count }

  /// Writes for each rule how many of its conditions the request doesn't meet: 0 for a match. In O(rules + matches).
  func unmetCounts(_ request: RankRequest, into unmet: UnsafeMutableBufferPointer<UInt8>) {
    _ = unmet.update(from: conditionCounts)
    for field in allowing {
      for rule in field.rules(naming: request.context[field.name]) { unmet[Int(rule)] -= 1 }
    }
    for field in forbidding {
      for rule in field.rules(naming: request.context[field.name]) { unmet[Int(rule)] += 1 }
    }
    if !scheduled.isEmpty {
      for rule in rulesOpen(at: request.time) { unmet[Int(rule)] -= 1 }
    }
  }

  private func rulesOpen(at time: Milliseconds) -> [UInt32] {
    let minute = (Double(time) / 60_000).rounded(.down)
    let known = openRules.load(ordering: .acquiring)
    if known.minute == Int64(minute) { return known.rules }
    let rules = scheduled.filter { schedule, _ in schedule.contains { $0.contains(time) } }.flatMap(\.value)
    openRules.store(OpenRules(minute: Int64(minute), rules: rules), ordering: .releasing)
    return rules
  }

  /// Rules with alike conditions share a bucket, so that they tend to match together.
  private static func buckets(_ rules: [TargetingRule], _ count: Int) -> [UInt8] {
    guard rules.count > count else { return rules.indices.map { UInt8($0) } }
    let names = rules.map(\.text)
    var buckets = [UInt8](repeating: 0, count: rules.count)
    for (place, rule) in rules.indices.sorted(by: { names[$0] < names[$1] }).enumerated() {
      buckets[rule] = UInt8(place * count / rules.count)
    }
    return buckets
  }
}
