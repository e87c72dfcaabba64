import GRDB
import Learning

extension AdSystem {
  /// Whether the store answers a query.
  var isStoreReadable: Bool {
    (try? store.reader.read { db in try Int.fetchOne(db, sql: "SELECT 1") }) == 1
  }
}
