/// A text with columns in it: `"${query}_${region}"`.
struct TextTemplate: Sendable, Equatable {
  private let parts: [Part]

  private enum Part: Sendable, Equatable {
    case literal(String)
    case column(String)
  }

  /// - throws: ``LearningError/Code/invalidMapping`` when a `${` has no `}` or no name.
  init(_ text: String) throws(LearningError) {
    var parts: [Part] = []
    var rest = text[...]
    while let opening = rest.firstRange(of: "${") {
      guard let closing = rest[opening.upperBound...].firstIndex(of: "}"), closing > opening.upperBound else {
        throw LearningError(.invalidMapping, "'\(text)' has a ${ without a column's name and a }")
      }
      parts.append(.literal(String(rest[..<opening.lowerBound])))
      parts.append(.column(String(rest[opening.upperBound..<closing])))
      rest = rest[rest.index(after: closing)...]
    }
    parts.append(.literal(String(rest)))
    self.parts = parts
  }

  /// The text for `row`, or `nil` when one of the columns is missing there.
  func text(in row: HistoryRow) -> String? {
    var text = ""
    for part in parts {
      switch part {
      case .literal(let literal): text += literal
      case .column(let name):
        guard let value = row[name] else { return nil }
        text += value
      }
    }
    return text
  }

  var columns: [String] {
    parts.compactMap { part in
      if case .column(let name) = part { name } else { nil }
    }
  }
}
