import Events
import Foundation
import GRDB

/// One step of ``UserSums``: sums the rows of a range of offsets in memory, then adds them to the table.
struct UserSumStep {
  private let db: Database
  private let range: (start: Int64, end: Int64)
  private var days: [UserDay.Key: UserDay] = [:]
  private var users: [String: User] = [:]
  private var arms: [String: Int64] = [:]

  private struct User {
    let id: Int64
    var last: Milliseconds
  }

  /// So long without a page view ends a visit.
  static let visitPause: Milliseconds = 30 * 60_000

  init(_ db: Database, after start: Int64, through end: Int64) {
    self.db = db
    range = (start, end)
  }

  mutating func run() throws {
    try addImpressions()
    try addOutcomes(of: "click", worth: "click.price", count: .clicks, amount: .revenueMicros)
    try addOutcomes(
      of: "conversion", worth: "coalesce(conversion.value, 0)", count: .conversions, amount: .valueMicros)
    try addSampledRequests()
    try save()
  }

  private mutating func addImpressions() throws {
    // The first live impression of a decision counts it; copies of an identity aren't in the table.
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT user, time_ms, experiments, CAST(round(ctr * 1e9) AS INTEGER), NOT EXISTS (
          SELECT 1 FROM impression AS other WHERE other.decision = impression.decision AND other.id < impression.id
            AND other.traffic = 'live')
        FROM impression WHERE id > ? AND id <= ? AND traffic = 'live' AND user <> '' ORDER BY id
        """, arguments: [range.start, range.end])
    while let row = try rows.next() {
      let time: Milliseconds = row[1]
      let name: String = row[0]
      let key = try key(user: name, time: time, arms: row[2])
      let isNewDecision: Bool = row[4]
      // Times that jump back belong to a visit that was counted.
      let last = users[name]?.last ?? time
      users[name]?.last = max(last, time)
      days[key, default: UserDay()].add(1, to: .impressions)
      days[key]?.add(row[3], to: .predictedNanos)
      if isNewDecision { days[key]?.add(1, to: .decisions) }
      if time >= last + Self.visitPause { days[key]?.add(1, to: .visits) }
    }
  }

  private mutating func addOutcomes(of table: String, worth: String, count: UserDay.Sum, amount: UserDay.Sum) throws {
    let usual = "\(table).id > ? AND \(table).id <= ? AND impression_id <= \(table).id"
    let settled = "impression_id > ? AND impression_id <= ? AND impression_id > \(table).id"
    for condition in [usual, settled] {
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT impression.user, impression.time_ms, impression.experiments, \(TrafficSQL.micros(worth))
          FROM \(table) JOIN impression ON impression.id = impression_id
          WHERE \(table).fate = 'joined' AND \(condition) AND impression.traffic = 'live' AND impression.user <> ''
          """, arguments: [range.start, range.end])
      while let row = try rows.next() {
        let key = try key(user: row[0], time: row[1], arms: row[2])
        days[key, default: UserDay()].add(1, to: count)
        days[key]?.add(row[3], to: amount)
      }
    }
  }

  private mutating func addSampledRequests() throws {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT json_extract(payload, '$.user'), time_ms, json_extract(payload, '$.experiments'),
          json_extract(payload, '$.slots'), json_array_length(payload, '$.candidates'),
          CAST(round(json_extract(payload, '$.latency_ms') * 1e3) AS INTEGER)
        FROM control WHERE kind = \(EventKind.decision.rawValue) AND id > ? AND id <= ?
          AND json_extract(payload, '$.user') <> '' AND json_extract(payload, '$.latency_ms') >= 0
        """, arguments: [range.start, range.end])
    while let row = try rows.next() {
      let texts = (try? JSONDecoder().decode([String: String].self, from: Data((row[2] ?? "{}").utf8))) ?? [:]
      let key = try key(user: row[0], time: row[1], arms: JSONText.encode(texts))
      days[key, default: UserDay()].add(1, to: .sampledRequests)
      days[key]?.add(row[3] ?? 0, to: .askedSlots)
      days[key]?.add(row[4] ?? 0, to: .filledSlots)
      days[key]?.add(row[5], to: .latencyMicros)
    }
  }

  private mutating func key(user: String, time: Milliseconds, arms text: String) throws -> UserDay.Key {
    try UserDay.Key(user: id(user: user), day: UserDay.day(of: time), arms: id(arms: text))
  }

  /// A user who is new has no last page view: far in the past.
  private mutating func id(user name: String) throws -> Int64 {
    if let user = users[name] { return user.id }
    let known = try db.cachedStatement(sql: "SELECT id, last_ms FROM unit_name WHERE name = ?")
    if let row = try Row.fetchOne(known, arguments: [name]) {
      users[name] = User(id: row[0], last: row[1])
      return row[0]
    }
    let never = Milliseconds.min / 2
    try db.cachedStatement(sql: "INSERT INTO unit_name (name, last_ms) VALUES (?, ?)").execute(arguments: [name, never])
    users[name] = User(id: db.lastInsertedRowID, last: never)
    return db.lastInsertedRowID
  }

  private mutating func id(arms text: String) throws -> Int64 {
    if let id = arms[text] { return id }
    try db.cachedStatement(sql: "INSERT OR IGNORE INTO arms_name (experiments) VALUES (?)").execute(arguments: [text])
    let known = try db.cachedStatement(sql: "SELECT id FROM arms_name WHERE experiments = ?")
    let id = try Int64.fetchOne(known, arguments: [text]) ?? db.lastInsertedRowID
    arms[text] = id
    return id
  }

  private func save() throws {
    let columns = Store.userSumColumns
    let updates = columns.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", ")
    let places = Array(repeating: "?", count: 3 + columns.count).joined(separator: ", ")
    let add = try db.cachedStatement(
      sql: "INSERT INTO user_day_sum VALUES (\(places)) ON CONFLICT DO UPDATE SET \(updates)")
    for (key, day) in days.sorted(by: { ($0.key.user, $0.key.day) < ($1.key.user, $1.key.day) }) {
      try add.execute(arguments: StatementArguments([key.user, key.day, key.arms] + day.sums))
    }
    let seen = try db.cachedStatement(sql: "UPDATE unit_name SET last_ms = ? WHERE id = ?")
    for user in users.values { try seen.execute(arguments: [user.last, user.id]) }
  }
}
