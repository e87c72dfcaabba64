import Foundation
import GRDB

extension DatabaseReader {
  /// Copies the database as of one moment into a new file, by SQLite's backup API, while others read and write it.
  ///
  /// The read transaction is held for the whole copy, so it needs no second start however busy the database is. The copy
  /// is one durable file, without a write-ahead log.
  package func copy(to file: URL, progress: (_ share: Double) -> Void) throws {
    let copy = try DatabaseQueue(path: file.path)
    defer { try? copy.close() }
    try read { source in
      try copy.writeWithoutTransaction { target in
        try withoutActuallyEscaping(progress) { progress in
          try source.backup(to: target, pagesPerStep: 4096) { progress($0.completedShare) }
        }
        try target.execute(sql: "PRAGMA journal_mode = DELETE")
      }
    }
  }
}

extension DatabaseBackupProgress {
  fileprivate var completedShare: Double {
    totalPageCount == 0 ? 1 : Double(completedPageCount) / Double(totalPageCount)
  }
}
