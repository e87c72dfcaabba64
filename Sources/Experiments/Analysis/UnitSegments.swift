/// A part of the units to which each belongs for good.
struct UnitSegments: Sendable {
  let field: String
  /// The parts, by their first unit.
  private(set) var names: [String] = []
  /// Index into ``names`` of each unit.
  private(set) var values: [Int16]
  private var indices: [String: Int16] = [:]

  /// Parts that are told apart; what comes later is ``otherName``.
  static let nameCountMax = 20
  static let otherName = "(other)"
  static let missingName = "(missing)"

  /// All units are in the part without a value.
  init(field: String, unitCount: Int) {
    self.field = field
    values = []
    values = [Int16](repeating: index(of: Self.missingName), count: unitCount)
  }

  mutating func set(_ name: String?, of unit: Int) {
    values[unit] = index(of: name ?? Self.missingName)
  }

  private mutating func index(of name: String) -> Int16 {
    if let index = indices[name] { return index }
    guard names.count < Self.nameCountMax || name == Self.otherName else { return index(of: Self.otherName) }
    indices[name] = Int16(names.count)
    names.append(name)
    return Int16(names.count - 1)
  }
}
