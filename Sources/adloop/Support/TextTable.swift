import Foundation

/// A table for people: columns as wide as their widest cell, numbers to the right.
struct TextTable {
  private let header: [String]
  private var rows: [[String]] = []

  init(_ header: [String]) {
    self.header = header
  }

  /// Adds a row of as many cells as the header has.
  mutating func add(_ cells: [String]) {
    rows.append(cells)
  }

  var text: String {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    var lines = [Self.line(header, widths), rule]
    lines += rows.map { Self.line($0, widths) }
    return lines.joined(separator: "\n")
  }

  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = zip(cells, widths).map { cell, width in
      let padding = String(repeating: " ", count: width - cell.count)
      return Double(cell) != nil ? padding + cell : cell + padding
    }
    return padded.joined(separator: "  ").trimmedEnd
  }
}

extension String {
  /// The text without spaces at its end.
  fileprivate var trimmedEnd: String {
    String(self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)])
  }
}

extension Double {
  /// The number with `digits` decimals.
  func formatted(decimals digits: Int) -> String {
    String(format: "%.\(digits)f", self)
  }
}
