/// Revenue and its funnel by hour and combination of dimension values, dictionary coded.
///
/// A row costs 56 bytes and 4 for each dimension. Rows with the same hour and values add up in a diagnosis.
public struct RevenueTable: Sendable {
  /// A dimension keeps this many values; what comes later is counted under `otherValue`.
  public static let valueCountMax = 1_000
  public static let otherValue = "(other)"

  public let dimensions: [String]
  /// The distinct values of each dimension in the order they came.
  public private(set) var values: [[String]]
  /// How many rows had a value that `valueCountMax` sent to `otherValue`.
  public private(set) var foldedRowCount = 0

  private(set) var codes: [[UInt32]]
  private(set) var hours: [UTCHour] = []
  private(set) var measures: [RevenueMeasures] = []
  private var codeOfValue: [[String: UInt32]]

  public init(dimensions: [String]) {
    self.dimensions = dimensions
    values = dimensions.map { _ in [] }
    codes = dimensions.map { _ in [] }
    codeOfValue = dimensions.map { _ in [:] }
  }

  public var rowCount: Int { hours.count }

  /// Adds a row. `values` are in the order of `dimensions`.
  ///
  /// - throws: `DiagnosisError.badRow` for another number of values, and for negative, infinite or NaN measures.
  public mutating func append(hour: UTCHour, values row: [String], measures: RevenueMeasures) throws(DiagnosisError) {
    try append(hour: hour, values: row, measures: measures, number: rowCount + 1)
  }

  /// `number` is what an error calls the row.
  mutating func append(
    hour: UTCHour, values row: [String], measures: RevenueMeasures, number: Int
  ) throws(DiagnosisError) {
    guard row.count == dimensions.count else {
      throw .badRow(row: number, reason: "it has \(row.count) dimension values instead of \(dimensions.count)")
    }
    guard measures.isValid else {
      throw .badRow(row: number, reason: "its measures must be finite numbers that are not negative")
    }
    var folded = false
    for (dimension, value) in row.enumerated() {
      codes[dimension].append(code(of: value, dimension: dimension, folded: &folded))
    }
    foldedRowCount += folded ? 1 : 0
    hours.append(hour)
    self.measures.append(measures)
  }

  private mutating func code(of value: String, dimension: Int, folded: inout Bool) -> UInt32 {
    if let code = codeOfValue[dimension][value] { return code }
    guard values[dimension].count < Self.valueCountMax || value == Self.otherValue else {
      folded = true
      return code(of: Self.otherValue, dimension: dimension, folded: &folded)
    }
    let code = UInt32(values[dimension].count)
    values[dimension].append(value)
    codeOfValue[dimension][value] = code
    return code
  }
}
