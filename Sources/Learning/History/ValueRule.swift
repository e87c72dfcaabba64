import Events

/// How one value is made from a row of a history file.
///
/// In a mapping file: a column's name; a text such as `"${query}_${region}"`; a plain number, which stands for itself;
/// or an object with one source (`column`, `text`, `constant`, `columnNamed`: the column whose name the text spells) and
/// then, in this order, what is done with it: `first: n` (its first n characters), `hour: FORMAT` (hour of day, UTC, of
/// a time), `above: x` (`1` or `0`), `replace: {from: to}`. A value that can't be made is missing.
public struct ValueRule: Sendable, Equatable {
  let source: Source
  var characterCount: Int?
  var hourFormat: TimeFormat?
  var threshold: Double?
  var replacements: [String: String] = [:]

  enum Source: Sendable, Equatable {
    case column(String)
    case constant(String)
    case text(TextTemplate)
    case columnNamed(TextTemplate)
  }

  /// The value of this rule in `row`, or `nil` when it is missing there.
  func value(in row: HistoryRow) -> String? {
    guard var value = sourceValue(in: row) else { return nil }
    if let characterCount { value = String(value.prefix(characterCount)) }
    if let hourFormat {
      guard let time = hourFormat.time(value) else { return nil }
      value = String((time % 86_400_000 + 86_400_000) % 86_400_000 / 3_600_000)
    }
    if let threshold {
      guard let number = Double(value), number.isFinite else { return nil }
      value = number > threshold ? "1" : "0"
    }
    return replacements[value] ?? value
  }

  /// Columns that a row must have.
  var columns: [String] {
    switch source {
    case .column(let name): [name]
    case .constant: []
    case .text(let template), .columnNamed(let template): template.columns
    }
  }

  private func sourceValue(in row: HistoryRow) -> String? {
    switch source {
    case .column(let name): row[name]
    case .constant(let text): text
    case .text(let template): template.text(in: row)
    case .columnNamed(let template): template.text(in: row).flatMap { row[$0] }
    }
  }
}

extension ValueRule: Decodable {
  private enum Key: String, CodingKey, CaseIterable {
    case column, text, constant, columnNamed, first, hour, above, replace
  }

  public init(from decoder: any Decoder) throws {
    if let scalar = try? decoder.singleValueContainer().decode(String.self) {
      source = try Self.source(scalar)
      return
    }
    try MappingKeys.check(decoder, known: Key.allCases.map(\.rawValue))
    let container = try decoder.container(keyedBy: Key.self)
    var sources: [Source] = []
    if let name = try container.decodeIfPresent(String.self, forKey: .column) { sources.append(.column(name)) }
    if let text = try container.decodeIfPresent(String.self, forKey: .constant) { sources.append(.constant(text)) }
    if let text = try container.decodeIfPresent(String.self, forKey: .text) {
      sources.append(.text(try TextTemplate(text)))
    }
    if let text = try container.decodeIfPresent(String.self, forKey: .columnNamed) {
      sources.append(.columnNamed(try TextTemplate(text)))
    }
    guard sources.count == 1 else {
      throw LearningError(.invalidMapping, "a value needs exactly one of column, text, constant, columnNamed")
    }
    source = sources[0]
    characterCount = try container.decodeIfPresent(Int.self, forKey: .first)
    hourFormat = try container.decodeIfPresent(TimeFormat.self, forKey: .hour)
    threshold = try container.decodeIfPresent(Double.self, forKey: .above)
    replacements = try container.decodeIfPresent([String: String].self, forKey: .replace) ?? [:]
    guard characterCount ?? 1 >= 1 else {
      throw LearningError(.invalidMapping, "first must be at least 1, but is \(characterCount ?? 0)")
    }
  }

  private static func source(_ scalar: String) throws(LearningError) -> Source {
    if scalar.contains("${") { return .text(try TextTemplate(scalar)) }
    return Double(scalar) == nil ? .column(scalar) : .constant(scalar)
  }
}
