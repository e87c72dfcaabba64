import Events
import GRDB

/// An impression as predictions saw it; its label may be open.
public struct LoggedImpression: Sendable, Equatable {
  /// Raw values by context field.
  public let context: [String: String]
  /// Raw values by ad attribute.
  public let attributes: [String: String]
  public let slot: Int
  /// Id of the model that served it.
  public let model: String
}

extension Store {
  /// Calls `body` with the live impressions of a period in the order of time.
  ///
  /// Memory doesn't depend on their number. Reads in pieces, so a long pass doesn't keep the database from cleaning up; an
  /// impression that is stored meanwhile may be missed. An error of `body` ends the pass.
  public func forEachImpression(in period: Range<Milliseconds>, _ body: (LoggedImpression) throws -> Void) throws {
    let sql = """
      SELECT time_ms, id, context, attributes, slot, model FROM impression
      WHERE traffic = 'live' AND (time_ms, id) > (?, ?) AND time_ms < ? ORDER BY time_ms, id LIMIT 4096
      """
    var (time, id) = (period.lowerBound - 1, Int64.max)
    while true {
      let page = try reader.read { db in
        var page: [LoggedImpression] = []
        let rows = try Row.fetchCursor(
          try db.cachedStatement(sql: sql), arguments: [time, id, period.upperBound])
        while let row = try rows.next() {
          (time, id) = (row[0], row[1])
          page.append(LoggedImpression(row))
        }
        return page
      }
      for impression in page { try body(impression) }
      guard page.count == 4096 else { return }
    }
  }
}

extension LoggedImpression {
  fileprivate init(_ row: Row) {
    self.init(
      context: ExampleEncoder.values(row[2]), attributes: ExampleEncoder.values(row[3]), slot: row[4], model: row[5])
  }
}
