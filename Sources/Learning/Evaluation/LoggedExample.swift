import Events
import GRDB

/// An example with everything that was logged about it: a row of the view `examples`.
struct LoggedExample {
  let id: Int64
  /// Id of the impression: its place in the log.
  let impression: Int64
  let decision: String
  let slot: Int
  let time: Milliseconds
  let user: String
  let ad: String
  let model: String
  let arms: [String: String]
  let context: [String: String]
  let attributes: [String: String]
  /// Click probability that was predicted when it was served.
  let ctr: Double
  let price: Double
  let propensity: Double
  let traffic: Traffic
  let label: Bool

  /// The example's value of a name to slice by.
  func value(_ name: String) -> String? {
    if let value = context[name] ?? attributes[name] { return value }
    switch name {
    case "ad": return ad
    case "model": return model
    case "arm": return arms.isEmpty ? nil : arms.sorted { $0.key < $1.key }.map { "\($0):\($1)" }.joined(separator: " ")
    default: return arms[name] ?? ScoredExamples.derived(name, time: time, slot: slot)
    }
  }
}

extension Store {
  /// Calls `body` with every closed example after `id`, ids ascending, in pieces like ``forEachExample(after:through:traffic:_:)``.
  func forEachLoggedExample(after id: Int64, traffic: [Traffic], _ body: (LoggedExample) throws -> Void) throws {
    let kinds = traffic.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    let sql = """
      SELECT id, impression_id, decision, slot, time_ms, user, ad, model, experiments, context, attributes, ctr, price,
        propensity, traffic, label FROM examples WHERE id > ? AND traffic IN (\(kinds)) ORDER BY id LIMIT 4096
      """
    var last = id
    while true {
      let page = try reader.read { db in
        let rows = try Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: [last])
        var page: [LoggedExample] = []
        while let row = try rows.next() { page.append(LoggedExample(row)) }
        return page
      }
      for example in page { try body(example) }
      guard page.count == 4096, let end = page.last?.id else { return }
      last = end
    }
  }
}

extension LoggedExample {
  fileprivate init(_ row: Row) {
    self.init(
      id: row[0], impression: row[1], decision: row[2], slot: row[3], time: row[4], user: row[5], ad: row[6],
      model: row[7], arms: ExampleEncoder.values(row[8]), context: ExampleEncoder.values(row[9]),
      attributes: ExampleEncoder.values(row[10]), ctr: row[11], price: row[12], propensity: row[13],
      traffic: Traffic(rawValue: row[14]) ?? .live, label: row[15])
  }
}
