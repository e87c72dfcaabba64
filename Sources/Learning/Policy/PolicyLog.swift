import Foundation

/// Logged choices with their probabilities and rewards, beside what another policy would have chosen.
struct PolicyLog {
  /// One logged impression. `condition` is what the other policy looks at, `choice` what was shown; both are numbers.
  struct Row {
    let condition: Int
    let choice: Int
    let slot: Int
    let propensity: Double
    let reward: Double
  }

  private(set) var rows: [Row] = []
  /// For each condition, the choices of the other policy with their probabilities.
  private(set) var policy: [[(choice: Int, probability: Double)]] = []
  private var choiceNumbers: [String: Int] = [:]
  private var conditionNumbers: [String: Int] = [:]

  /// Number of choices that the log or the policy knows.
  var choiceCount: Int { choiceNumbers.count }

  /// Adds a logged row.
  mutating func add(condition: String, choice: String, slot: Int, propensity: Double, reward: Double) {
    rows.append(
      Row(
        condition: number(ofCondition: condition), choice: number(ofChoice: choice), slot: slot, propensity: propensity,
        reward: reward))
  }

  /// Sets what the policy does under a condition.
  mutating func set(_ probabilities: [String: Double], condition: String) {
    let condition = number(ofCondition: condition)
    policy[condition] = probabilities.sorted { $0.key < $1.key }.map { (number(ofChoice: $0.key), $0.value) }
  }

  private mutating func number(ofChoice name: String) -> Int {
    if let known = choiceNumbers[name] { return known }
    choiceNumbers[name] = choiceNumbers.count
    return choiceNumbers.count - 1
  }

  private mutating func number(ofCondition name: String) -> Int {
    if let known = conditionNumbers[name] { return known }
    conditionNumbers[name] = conditionNumbers.count
    policy.append([])
    return conditionNumbers.count - 1
  }
}
