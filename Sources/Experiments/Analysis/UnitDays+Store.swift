import Events
import GRDB

extension UnitDays {
  /// Which part of the store is read.
  struct Period {
    var from = Milliseconds.min
    var until = Milliseconds.max
    var unit = Experiment.Unit.user
    /// What came before this time counts as outside of all experiments.
    var since = Milliseconds.min
    var segmentField: String?
    /// What takes the place of days: hours are read from single impressions.
    var bucket = ProxyOptions.Bucket.day

    /// Days of which only a part is read, or parts apart.
    var brokenDays: [Int] {
      Set([from, since, until].filter { $0 != .min && $0 != .max && $0.dayIndex.start != $0 }.map(\.dayIndex)).sorted()
    }
  }

  /// What the units of an experiment did, and its users before it.
  init(of experiment: Experiment, in database: Database, _ options: ReportOptions) throws {
    var period = Period(until: options.until, unit: experiment.unit, segmentField: options.segmentField)
    if let since = experiment.sinceMilliseconds {
      period.since = since
      period.from = since
      // Whole days are what the sums hold.
      if experiment.unit == .user { period.from = (since.dayIndex - options.pastDayCount).start }
    }
    try self.init(in: database, period)
  }

  /// What the live traffic was in a number of days, the newest before `until`.
  init(
    newest dayCount: Int, until: Milliseconds, unit: Experiment.Unit = .user, in database: Database,
    segmentField: String? = nil
  ) throws {
    let day = try Int.fetchOne(
      database, sql: "SELECT max(day) FROM user_day_sum WHERE day <= ?", arguments: [(until - 1).dayIndex])
    let first = day.map { ($0 - dayCount + 1).start } ?? .min
    try self.init(in: database, Period(from: first, until: until, unit: unit, segmentField: segmentField))
  }

  /// Reads what the live traffic of a period was, by unit and day: of users from their sums by day, of requests (and of
  /// hours, and of days that the period breaks) from single impressions.
  init(in database: Database, _ period: Period) throws {
    var builder = Builder()
    var indices = UnitIndices()
    guard period.from < period.until else {
      self = builder.build()
      return
    }
    if period.unit == .user, period.bucket == .day {
      try builder.addSums(in: database, period, &indices)
      for day in period.brokenDays {
        let part = max(period.from, day.start)..<min(period.until, (day + 1).start)
        if !part.isEmpty { try builder.addImpressions(in: database, part, period, &indices) }
      }
    } else {
      try builder.addImpressions(in: database, period.from..<period.until, period, &indices)
    }
    self = builder.build()
    if let field = period.segmentField { segments = try Self.segments(field, in: database, period, indices) }
  }

  /// The field's value in each unit's first impression of the period.
  private static func segments(
    _ field: String, in database: Database, _ period: Period, _ indices: UnitIndices
  ) throws -> UnitSegments {
    var segments = UnitSegments(field: field, unitCount: indices.count)
    // SQLite takes the other columns from the row that has the minimum.
    let rows = try GRDB.Row.fetchCursor(
      database,
      sql: """
        SELECT \(period.unit == .user ? "user" : "decision"), json_extract(context, :path), min(id) FROM impressions
        WHERE traffic = 'live' AND time_ms >= :from AND time_ms < :until GROUP BY 1
        """,
      arguments: ["path": "$.\"\(field)\"", "from": period.from, "until": period.until])
    while let row = try rows.next() {
      if let index = try indices.known(name: row[0], in: database) { segments.set(row[1], of: index) }
    }
    return segments
  }
}

/// Dense indices of the units of an analysis.
struct UnitIndices {
  private var users: [Int64: Int] = [:]
  private var names: [String: Int] = [:]
  private(set) var count = 0

  /// Of a user by the id in the sums.
  mutating func index(user: Int64) -> Int {
    if let index = users[user] { return index }
    users[user] = count
    count += 1
    return count - 1
  }

  /// Of a request.
  mutating func index(request: String) -> Int {
    if let index = names[request] { return index }
    names[request] = count
    count += 1
    return count - 1
  }

  /// Of a user or request that was indexed before.
  func known(name: String, in database: Database) throws -> Int? {
    if let index = names[name] { return index }
    return try Self.id(ofUser: name, in: database).flatMap { users[$0] }
  }

  static func id(ofUser name: String, in database: Database) throws -> Int64? {
    let statement = try database.cachedStatement(sql: "SELECT id FROM unit_name WHERE name = ?")
    return try Int64.fetchOne(statement, arguments: [name])
  }
}

extension Milliseconds {
  static let day: Milliseconds = 86_400_000
  static let hour: Milliseconds = 3_600_000

  /// Days since 1970-01-01 UTC, rounded down.
  var dayIndex: Int {
    let (day, rest) = quotientAndRemainder(dividingBy: .day)
    return Int(rest < 0 ? day - 1 : day)
  }
}

extension Int {
  /// The first moment of a day since 1970-01-01 UTC.
  var start: Milliseconds { Milliseconds(self) * .day }
}
