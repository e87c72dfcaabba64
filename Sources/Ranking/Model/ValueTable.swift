import Features

/// The distinct values of one field that a model has weights for, ascending by their UTF-8 bytes, with their numbers.
struct ValueTable: Sendable, Equatable {
  private(set) var values: [String] = []
  private var numbers: [ExactText: UInt32] = [:]

  /// The number of a value, `nil` when the model never mentions it.
  func number(_ value: String) -> UInt32? { numbers[ExactText(value)] }

  /// The number of a value, a new one for a new value.
  mutating func intern(_ value: String) -> UInt32 {
    if let number = numbers[ExactText(value)] { return number }
    let number = UInt32(values.count)
    values.append(value)
    numbers[ExactText(value)] = number
    return number
  }

  /// Sorts the values; returns the new number of each old one.
  mutating func sort() -> [UInt32] {
    let order = values.indices.sorted { values[$0].utf8.lexicographicallyPrecedes(values[$1].utf8) }
    var renumbered = [UInt32](repeating: 0, count: order.count)
    for (new, old) in order.enumerated() { renumbered[old] = UInt32(new) }
    values = order.map { values[$0] }
    numbers = Dictionary(uniqueKeysWithValues: values.enumerated().map { (ExactText($1), UInt32($0)) })
    return renumbered
  }
}
