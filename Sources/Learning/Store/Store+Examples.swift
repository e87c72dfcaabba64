import Events
import GRDB

extension Store {
  /// Examples that are read in one piece of a pass.
  private static let pageRowCount = 4096

  /// Calls `body` with every closed example whose id lies after `id`, and not after `through` if given, ids ascending.
  ///
  /// Memory doesn't depend on their number. Reads in pieces, so a long pass doesn't keep the database from cleaning up;
  /// an example never changes, so the pieces fit. An error of `body` ends the pass.
  public func forEachExample(
    after id: Int64, through: Int64? = nil, traffic: [Traffic], _ body: (Example) throws -> Void
  ) throws {
    let source = "example JOIN impression ON impression.id = impression_id"
    let sql = Self.query(
      id: "example.id", label: "label", from: source, traffic: traffic, and: "example.id <= ?")
    try forEach(sql: sql, after: id, bound: through ?? .max, body)
  }

  /// Calls `body` with the impressions whose label isn't final, that were received before `receivedBefore`: the label
  /// says whether they were clicked so far. `id` is the impression's; ids ascend.
  public func forEachProvisionalExample(
    after id: Int64, receivedBefore: Milliseconds, traffic: [Traffic],
    _ body: (Example) throws -> Void
  ) throws {
    let source = "open_impression JOIN impression ON impression.id = open_impression.id"
    let sql = Self.query(
      id: "open_impression.id", label: "clicked", from: source, traffic: traffic,
      and: "open_impression.received_ms < ?")
    try forEach(sql: sql, after: id, bound: receivedBefore, body)
  }

  private static func query(
    id: String, label: String, from source: String, traffic: [Traffic], and condition: String
  ) -> String {
    let kinds = traffic.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    return """
      SELECT \(id), impression.time_ms, context, attributes, slot, \(label), ctr, bid, price, propensity, model, traffic
      FROM \(source) WHERE \(id) > ? AND \(condition) AND traffic IN (\(kinds)) ORDER BY \(id) LIMIT \(pageRowCount)
      """
  }

  private func forEach(
    sql: String, after start: Int64, bound: Int64, _ body: (Example) throws -> Void
  ) throws {
    var last = start
    while true {
      let page = try reader.read { db in
        let rows = try Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: [last, bound])
        var page: [Example] = []
        while let row = try rows.next() { page.append(Example(row)) }
        return page
      }
      for example in page { try body(example) }
      guard page.count == Self.pageRowCount, let end = page.last?.id else { return }
      last = end
    }
  }
}

extension Example {
  /// A row of the columns that ``Store/query(id:label:from:traffic:and:)`` selects.
  fileprivate init(_ row: Row) {
    self.init(
      id: row[0], time: row[1], contextText: row[2], attributesText: row[3], slot: row[4],
      label: row[5], ctr: row[6],
      bid: row[7], price: row[8], propensity: row[9], model: row[10],
      traffic: Traffic(rawValue: row[11]) ?? .live)
  }
}
