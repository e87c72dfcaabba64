import GRDB

/// The statements that sum traffic: one measure of one source at a time, for each span.
enum TrafficSQL {
  private enum Measure: CaseIterable {
    case impressions, clicks, conversions

    /// Table of the events, and their worth.
    var table: String { self == .conversions ? "conversion" : "click" }

    /// The six sums; those of the other measures are 0.
    var sums: String {
      switch self {
      case .impressions: "count(*), sum(CAST(round(ctr * 1e9) AS INTEGER)), 0, 0, 0, 0"
      case .clicks: "0, 0, count(*), sum(\(TrafficSQL.micros("click.price"))), 0, 0"
      case .conversions: "0, 0, 0, 0, count(*), sum(\(TrafficSQL.micros("coalesce(conversion.value, 0)")))"
      }
    }
  }

  /// Millionths of an amount, which is cut at a thousand million.
  static func micros(_ amount: String) -> String {
    "CAST(round(min(max(\(amount), -1e9), 1e9) * 1e6) AS INTEGER)"
  }

  /// Adds the rows after one offset and through another. Of rows about impressions through `keptThrough` the sums exist.
  static func add(_ db: Database, after start: Int64, through end: Int64, keptThrough: Int64) throws {
    let range = "> \(start)", through = "<= \(end)"
    try insert(db, .impressions, from: "impression WHERE impression.id \(range) AND impression.id \(through)")
    for measure in [Measure.clicks, .conversions] {
      let table = measure.table
      let joined =
        "\(table) JOIN impression ON impression.id = impression_id WHERE \(table).fate = 'joined' AND impression_id > \(keptThrough)"
      let usual = "\(table).id \(range) AND \(table).id \(through) AND impression_id <= \(table).id"
      let settled = "impression_id \(range) AND impression_id \(through) AND impression_id > \(table).id"
      try insert(db, measure, from: "\(joined) AND \(usual)")
      try insert(db, measure, from: "\(joined) AND \(settled)")
    }
  }

  /// Moves the sums of the impressions after one offset and through another, with all their clicks and conversions, to
  /// those that are kept. Sums of imported history end with their rows: the file may be imported again.
  static func keep(_ db: Database, after start: Int64, through end: Int64) throws {
    let range = "impression.id > \(start) AND impression.id <= \(end)"
    for measure in Measure.allCases {
      let table = measure.table
      let join = """
        JOIN \(table) ON \(table).decision = impression.decision AND \(table).slot = impression.slot
          AND \(table).impression_id = impression.id AND \(table).fate = 'joined'
        """
      let source = "impression \(measure == .impressions ? "" : join) WHERE \(range)"
      try insert(db, measure, from: source, sign: -1)
      try insert(db, measure, from: "\(source) AND impression.traffic <> 'history'", isKept: true)
    }
    try db.execute(
      sql: """
        DELETE FROM traffic_sum WHERE impressions = 0 AND predicted_nanos = 0 AND clicks = 0 AND revenue_micros = 0
          AND conversions = 0 AND value_micros = 0
        """)
  }

  private static func insert(
    _ db: Database, _ measure: Measure, from source: String, isKept: Bool = false, sign: Int = 1
  ) throws {
    for span in Store.sumSpans.map(\.milliseconds) {
      let start = "impression.time_ms - ((impression.time_ms % \(span)) + \(span)) % \(span)"
      let columns = ["impressions", "predicted_nanos", "clicks", "revenue_micros", "conversions", "value_micros"]
      let updates = columns.map { "\($0) = \($0) + \(sign) * excluded.\($0)" }.joined(separator: ", ")
      try db.execute(
        sql: """
          INSERT INTO traffic_sum SELECT \(span), \(start), impression.traffic, impression.slot, impression.model,
            \(isKept ? 1 : 0), \(measure.sums) FROM \(source) GROUP BY 2, 3, 4, 5
          ON CONFLICT DO UPDATE SET \(updates)
          """)
    }
  }
}
