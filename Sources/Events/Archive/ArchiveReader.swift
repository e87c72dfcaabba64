import Catalog
import Foundation

/// Reads the rows of one day's file in order. Not for use by several threads at once.
final class ArchiveReader {
  private let file: URL
  private let lines: LineReader
  /// Offset of the last row that was read, 0 before the first.
  private(set) var offset: Int64 = 0

  init(_ file: URL) throws {
    self.file = file
    lines = try LineReader(file)
  }

  /// Share of the file that was read, in [0, 1]; `nil` when its size isn't known.
  var fraction: Double? { lines.fraction }

  /// The next row, `nil` at the end.
  ///
  /// - throws: ``EventLogError/damaged(_:)`` that names the file and the line.
  func next() throws -> LogRow? {
    let line: Line?
    do { line = try lines.next() } catch { throw EventLogError.damaged("\(error)") }
    guard let line else { return nil }
    do {
      let row = try LogRow(json: try line.bytes.get())
      guard row.offset > offset else { throw LineError("its offset \(row.offset) doesn't ascend") }
      offset = row.offset
      return row
    } catch {
      throw EventLogError.damaged(
        "\(file.path) line \(line.number): \(error); restore the file from a backup")
    }
  }
}
