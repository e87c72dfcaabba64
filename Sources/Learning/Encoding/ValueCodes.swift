import Features

/// The distinct values of one field, numbered from 1 in the order of their first sight; 0 stands for a missing value.
public struct ValueCodes: Sendable, Equatable {
  /// The value of code c is `values[c - 1]`.
  public private(set) var values: [String] = []
  private var codes: [String: UInt32] = [:]

  /// Distinct values of one field at most.
  static let valueCountMax = 1 << 28

  /// The code of a raw value of `field`, a new one on first sight, 0 when it is missing; `nil` when there are too many.
  mutating func code(_ raw: String?, of field: Field) -> UInt32? {
    guard let value = field.canonicalValue(raw) else { return 0 }
    if let code = codes[value] { return code }
    return values.count < Self.valueCountMax - 1 ? add(value) : nil
  }

  /// Numbers a new value.
  mutating func add(_ value: String) -> UInt32 {
    values.append(value)
    codes[value] = UInt32(values.count)
    return UInt32(values.count)
  }

  var isConsistent: Bool { codes.count == values.count }
}
