import Foundation
import GRDB

/// The database of everything that is derived from the log, `store.sqlite` (SQLite, WAL, synchronous=NORMAL).
///
/// It holds nothing that the log doesn't: it may be deleted and is rebuilt by ``Joiner/rebuild()``. A killed process
/// loses nothing; a power cut may lose the last transactions, with their cursor, so that the join does them again.
/// Analysts read its views, whose names and columns stay: `impressions`, `clicks`, `conversions`, `examples`,
/// `decisions`, `models`, `serving_history`, `experiment_history`. Times are milliseconds since 1970 UTC.
public final class Store: Sendable {
  private let database: DatabasePool

  /// For queries; each sees one moment of the database, and none waits for a writer.
  public var reader: any DatabaseReader { database }

  /// For the tables of other rooms. Keep transactions short: the join waits for them.
  public var writer: any DatabaseWriter { database }

  /// How long a write waits for another process, in seconds.
  private static let lockWaitSeconds = 30.0
  /// Memory of the writer's page cache, in KiB.
  private static let cacheKibibyteCount = 65_536

  /// Opens the store in `directory`, and makes both when they don't exist.
  ///
  /// - throws: ``StoreError`` when the file can't be used.
  public init(directory: URL) throws {
    let file = directory.appending(path: "store.sqlite")
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      var configuration = Configuration()
      configuration.label = "adloop.store"
      configuration.foreignKeysEnabled = false
      configuration.busyMode = .timeout(Self.lockWaitSeconds)
      database = try DatabasePool(path: file.path, configuration: configuration)
      try database.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA cache_size = -\(Self.cacheKibibyteCount)")
      }
      try Self.migrate(database)
    } catch let error as DatabaseError {
      throw StoreError(
        "\(file.path): \(error.message ?? "\(error.resultCode)"); it can be deleted, it is rebuilt from the log"
      )
    }
  }

  /// Closes the file; what runs is finished first. Then `store.sqlite` holds everything by itself, unless another process
  /// has it open.
  public func close() throws {
    _ = try? database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    try database.close()
  }

  private static func migrate(_ database: DatabasePool) throws {
    let migrator = Self.migrator
    guard try !database.read(migrator.hasBeenSuperseded) else {
      throw StoreError(
        "the store was made by a later release; upgrade, or delete store.sqlite to rebuild it from the log"
      )
    }
    do {
      try migrator.migrate(database)
    } catch {
      // Another process may have made the same tables in between; then there is nothing left to do.
      try migrator.migrate(database)
    }
  }
}
