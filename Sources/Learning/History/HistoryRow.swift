/// One row of a history file by the names of its columns; an empty cell counts as missing.
struct HistoryRow {
  /// Position of each column in ``cells``.
  let columns: [String: Int]
  let cells: [String]
  /// Columns that were derived, and those of the joined file.
  var added: [String: String] = [:]

  subscript(name: String) -> String? {
    if let value = added[name] { return value.isEmpty ? nil : value }
    guard let position = columns[name], position < cells.count, !cells[position].isEmpty else { return nil }
    return cells[position]
  }
}
