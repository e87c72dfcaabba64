import Foundation

/// The rows of a small file by the value of one column.
struct JoinedTable {
  let rows: [String: [String: String]]

  /// Rows of a joined file at most.
  static let rowCountMax = 1_000_000

  init(_ file: URL, key: String) throws(LearningError) {
    var rows: [String: [String: String]] = [:]
    do {
      let source = try HistoryFile(file)
      while let next = try source.next() {
        let row = try next.row.get()
        guard let value = row[key] else { continue }
        var values = row.added
        for (name, position) in row.columns where position < row.cells.count { values[name] = row.cells[position] }
        rows[value] = values
        guard rows.count <= Self.rowCountMax else {
          throw LearningError(.invalidMapping, "more than \(Self.rowCountMax) rows; join a smaller file")
        }
      }
    } catch {
      throw LearningError(.inaccessibleFile, "the joined file \(file.path): \(error)")
    }
    self.rows = rows
  }
}
