import Features

/// Exact ids of features: which coordinate of the weight vector stands for which values of which fields.
///
/// Coordinate 0 is the intercept, the next ones are slots 2, 3, … of the schema (slot 1 is the reference and has none),
/// then features follow in the order of their first sight. Nothing is hashed together: two features never share a
/// coordinate. A value type: a copy is a snapshot. Not for use from two threads at once.
public struct FeatureIndex: Sendable {
  public let schema: Schema
  /// Coordinates at most; features first seen beyond it are left out and counted.
  public let coordinateCountMax: Int
  /// Features that were left out because the index was full.
  public private(set) var rejectedFeatureCount = 0
  /// Distinct values of each context field, then of each ad attribute; code c > 0 is `values[c - 1]`, 0 is missing.
  public private(set) var fields: [ValueCodes]
  /// Key of each coordinate, 0 for the intercept and the slots.
  public private(set) var keys: [UInt64]

  /// The coordinate of the intercept.
  public static let intercept: UInt32 = 0
  /// Default of ``coordinateCountMax``: 16 Mi coordinates are about 0.6 GB of learner.
  public static let coordinateCountDefault = 1 << 24

  private var table = CoordinateTable()

  /// An index that knows the intercept and the slots only, and the codes of `fields` where they are given.
  public init(
    schema: Schema, coordinateCountMax: Int = coordinateCountDefault, fields: [ValueCodes]? = nil
  ) {
    self.schema = schema
    self.coordinateCountMax = coordinateCountMax
    self.fields = fields ?? Array(repeating: ValueCodes(), count: schema.contextFields.count + schema.adFields.count)
    keys = Array(repeating: 0, count: 1 + max(0, schema.slotCountMax - 1))
  }

  /// Coordinates so far, intercept and slots included.
  public var count: Int { keys.count }

  /// The coordinate of a slot's effect, `nil` for slot 1 and for slots the schema doesn't know.
  public func coordinate(ofSlot slot: Int) -> UInt32? {
    slot >= 2 && slot <= schema.slotCountMax ? UInt32(slot - 1) : nil
  }

  /// The code of a raw value of field `field` (context fields first, then ad attributes), 0 when it counts as missing.
  mutating func code(_ raw: String?, field: Int) -> UInt32 {
    let contextCount = schema.contextFields.count
    let declared = field < contextCount ? schema.contextFields[field] : schema.adFields[field - contextCount]
    if let code = fields[field].code(raw, of: declared) { return code }
    rejectedFeatureCount += 1
    return 0
  }

  /// The coordinate of a template's values, made on first sight; `nil` when a value is missing or the index is full.
  mutating func coordinate(template: Int, _ first: UInt32, _ second: UInt32?) -> UInt32? {
    guard first != 0, second != 0 else { return nil }
    let key = Self.key(template: template, first, second ?? 0)
    if let known = table.coordinate(of: key) { return known }
    guard keys.count < coordinateCountMax else {
      rejectedFeatureCount += 1
      return nil
    }
    append(key: key)
    return UInt32(keys.count - 1)
  }

  /// The coordinate of a template's values when it was seen before.
  func knownCoordinate(template: Int, _ first: UInt32, _ second: UInt32) -> UInt32? {
    table.coordinate(of: Self.key(template: template, first, second))
  }

  /// Takes a key into the index as the next coordinate.
  mutating func append(key: UInt64) {
    table.insert(key, coordinate: UInt32(keys.count))
    keys.append(key)
  }

  /// Takes back values in the order of their codes.
  mutating func restore(values: [String], field: Int) {
    for value in values { _ = fields[field].add(value) }
  }

  /// Whether two values of a field, or two features, would get one id: never, checked when a state is read back.
  var isConsistent: Bool {
    table.count == keys.count - 1 - max(0, schema.slotCountMax - 1) && fields.allSatisfy(\.isConsistent)
  }

  /// Whether a key names a template of the schema and values that are known.
  func isPossible(key: UInt64) -> Bool {
    let parts = Self.parts(of: key)
    guard parts.template < schema.templates.count else { return false }
    let numbers = fieldNumbers(of: schema.templates[parts.template])
    let codes = [parts.first, parts.second]
    return zip(numbers, codes).allSatisfy { $1 > 0 && $1 <= fields[$0].values.count }
      && codes.dropFirst(numbers.count).allSatisfy { $0 == 0 }
  }

  /// The fields of a template by their numbers in ``fields``.
  func fieldNumbers(of template: FeatureTemplate) -> [Int] {
    template.context + template.ad.map { $0 + schema.contextFields.count }
  }

  /// Bits: 8 template, 28 first value, 28 second value (0 in a template of one field).
  static func key(template: Int, _ first: UInt32, _ second: UInt32) -> UInt64 {
    UInt64(template) << 56 | UInt64(first) << 28 | UInt64(second)
  }

  /// Template, first and second value code of a key.
  static func parts(of key: UInt64) -> (template: Int, first: Int, second: Int) {
    (Int(key >> 56), Int(key >> 28 & 0xFFF_FFFF), Int(key & 0xFFF_FFFF))
  }
}
