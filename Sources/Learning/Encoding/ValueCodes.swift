/// The distinct values of one field, numbered from 1 in the order of their first sight.
public struct ValueCodes: Sendable, Equatable {
  /// The value of code c is `values[c - 1]`.
  public private(set) var values: [String] = []
  private var codes: [String: UInt32] = [:]

  /// The code of a value that was seen before.
  func code(of value: String) -> UInt32? { codes[value] }

  /// Numbers a new value.
  mutating func add(_ value: String) -> UInt32 {
    values.append(value)
    codes[value] = UInt32(values.count)
    return UInt32(values.count)
  }

  var isConsistent: Bool { codes.count == values.count }
}
