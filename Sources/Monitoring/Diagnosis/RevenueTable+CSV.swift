import Foundation

extension RevenueTable {
  private static let measureNames = ["requests", "filled", "impressions", "clicks", "revenue", "sum_pctr"]

  /// Reads comma-separated text without quotes: a header, then one row per hour and combination. Columns may come in any
  /// order; `hour` and the six measures must be there, every other column is a dimension.
  ///
  /// - throws: `DiagnosisError.badHeader` and `.badRow`, which name the line.
  public init(csv text: some Sequence<UInt8>) throws(DiagnosisError) {
    let lines = Array(text).split(separator: UInt8(ascii: "\n"))
    guard let first = lines.first else { throw .badHeader("the table is empty: its first line must name the columns") }
    let layout = try Layout(header: Self.fields(first).map(\.text))
    self.init(dimensions: layout.dimensionNames)
    var hourOfText: [String: UTCHour] = [:]
    for (index, line) in lines.enumerated().dropFirst() {
      try appendLine(Self.fields(line), number: index + 1, layout: layout, hourOfText: &hourOfText)
    }
  }

  private mutating func appendLine(
    _ fields: [Substring], number: Int, layout: Layout, hourOfText: inout [String: UTCHour]
  ) throws(DiagnosisError) {
    guard fields.count == layout.columnCount else {
      throw .badRow(row: number, reason: "it has \(fields.count) fields instead of \(layout.columnCount)")
    }
    let hourText = fields[layout.hour].text
    guard let hour = hourOfText[hourText] ?? UTCHour(hourText) else {
      throw .badRow(row: number, reason: "\(hourText) is not an hour such as 2024-05-20T17")
    }
    hourOfText[hourText] = hour
    var numbers: [Double] = []
    for (name, column) in zip(Self.measureNames, layout.measures) {
      guard let number = Double(fields[column]) else {
        throw .badRow(row: number, reason: "\(name) is \(fields[column]), which is not a number")
      }
      numbers.append(number)
    }
    try append(
      hour: hour, values: layout.dimensions.map { fields[$0].text },
      measures: RevenueMeasures(
        requests: numbers[0], filled: numbers[1], impressions: numbers[2], clicks: numbers[3], revenue: numbers[4],
        predictedClicks: numbers[5]), number: number)
  }

  private static func fields(_ line: ArraySlice<UInt8>) -> [Substring] {
    let body = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    return String(decoding: body, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false)
  }

  /// Which column holds what.
  private struct Layout {
    let hour: Int
    let measures: [Int]
    let dimensions: [Int]
    let dimensionNames: [String]
    let columnCount: Int

    init(header: [String]) throws(DiagnosisError) {
      var positions: [String: Int] = [:]
      for (column, name) in header.enumerated() where positions.updateValue(column, forKey: name) != nil {
        throw .badHeader("column \(name) comes twice")
      }
      guard let hour = positions["hour"] else { throw .badHeader("column hour is missing") }
      self.hour = hour
      var measures: [Int] = []
      for name in measureNames {
        guard let column = positions[name] else { throw .badHeader("column \(name) is missing") }
        measures.append(column)
      }
      self.measures = measures
      dimensions = header.indices.filter { $0 != hour && !measures.contains($0) }
      dimensionNames = dimensions.map { header[$0] }
      columnCount = header.count
    }
  }
}

extension Substring {
  fileprivate var text: String { String(self) }
}
