import Events
import GRDB

/// Per-unit sums of one experiment, gathered in one pass over the store.
///
/// Memory is about 130 bytes a unit (200 when ids are longer than 15 bytes), whatever the number of impressions;
/// ``Limits/unitCountMax`` bounds it.
struct ExperimentSample {
  let experiment: Experiment
  /// Units of all arms, and those seen only before the experiment, which have no arm.
  private(set) var units: [Unit] = []
  /// Moments over the units that were seen on a day, by day since 1970 UTC and arm.
  private(set) var days: [Int: [DayMoments]] = [:]
  /// Impressions of arms that the configuration doesn't have, by name.
  private(set) var strayImpressionCounts: [String: Int] = [:]
  private(set) var forcedImpressionCount = 0
  private(set) var firstTime: Milliseconds?
  private(set) var lastTime: Milliseconds?
  private var lookup: ArmLookup
  private var indices: [String: Int32] = [:]
  private let emptyDay: [DayMoments]

  enum Limits {
    /// Users or requests in one analysis, seen before the experiment or in it.
    static let unitCountMax = 20_000_000
    /// Names of stray arms that are told apart.
    static let strayNameCountMax = 20
  }

  struct Unit {
    /// Index of the arm, or `noArm`.
    var arm: Int16 = Self.noArm
    /// The unit was seen in more than one arm and can't be counted in either.
    var isCrossed = false
    var day: Int32 = 0
    var total = UnitSums()
    var today = UnitSums()
    /// Before the experiment began.
    var past = UnitSums()

    static let noArm: Int16 = -1
  }

  /// Reads the experiment's impressions before `until` and those of the same users up to `pastDayCount` days before it began.
  ///
  /// - throws: ``ExperimentError`` when there are too many units; whatever the database throws.
  init(_ experiment: Experiment, in database: Database, until: Milliseconds, pastDayCount: Int) throws {
    self.experiment = experiment
    lookup = ArmLookup(experiment)
    emptyDay = experiment.arms.map { _ in DayMoments() }
    guard let start = try experiment.sinceMilliseconds ?? Self.firstTime(of: experiment, in: database), start < until
    else { return }
    let pastStart = experiment.unit == .user ? start - Milliseconds(pastDayCount) * .day : start
    let earliest = experiment.since == nil ? min(pastStart, start - Self.disorder) : pastStart
    let reader = ImpressionReader(database: database, period: earliest..<until)
    let column = ImpressionReader.firstColumn
    try reader.forEach([experiment.unit == .user ? "user" : "decision", "experiments"]) { row, outcome in
      let time: Milliseconds = row[ImpressionReader.timeColumn]
      let place = lookup.place(in: row[column + 1])
      if case .arm(let arm) = place, time >= start || experiment.since == nil {
        try add(outcome, unit: row[column], arm: Int16(arm), time: time)
      } else if time >= start {
        countOther(place)
      } else if time >= pastStart {
        units[try index(of: row[column])].past.add(outcome)
      }
    }
    indices = [:]
    for index in units.indices { closeDay(of: index) }
  }

  /// How far before the first stored impression of the experiment others of it may lie, since they arrive in any order.
  private static let disorder = Milliseconds.day

  /// Time of the first impression that was stored with the experiment's name, or `nil`.
  private static func firstTime(of experiment: Experiment, in database: Database) throws -> Milliseconds? {
    try Milliseconds.fetchOne(
      database,
      sql: """
        SELECT time_ms FROM impressions WHERE traffic = 'live' AND instr(experiments, :text) > 0
        AND json_extract(experiments, :path) IS NOT NULL AND json_extract(experiments, :path) NOT LIKE :forced
        ORDER BY id LIMIT 1
        """,
      arguments: [
        "text": "\"\(experiment.name)\"", "path": "$.\"\(experiment.name)\"", "forced": "\(Assignment.forcedPrefix)%",
      ])
  }

  private mutating func add(_ outcome: Outcome, unit name: String, arm: Int16, time: Milliseconds) throws {
    let index = try index(of: name)
    let day = Int32(truncatingIfNeeded: time.dayIndex)
    if units[index].day != day { closeDay(of: index) }
    units[index].day = day
    if units[index].arm == Unit.noArm { units[index].arm = arm }
    if units[index].arm != arm { units[index].isCrossed = true }
    units[index].total.add(outcome)
    units[index].today.add(outcome)
    firstTime = min(firstTime ?? time, time)
    lastTime = max(lastTime ?? time, time)
  }

  /// Moves what a unit did on its current day to that day. Impressions that arrive after those of a later day make the
  /// unit count twice on theirs.
  private mutating func closeDay(of index: Int) {
    let unit = units[index]
    guard unit.today.impressionCount > 0 else { return }
    units[index].today = UnitSums()
    guard !unit.isCrossed else { return }
    days[Int(unit.day), default: emptyDay][Int(unit.arm)].add(unit.today)
  }

  private mutating func index(of unit: String) throws -> Int {
    if let index = indices[unit] { return Int(index) }
    guard units.count < Limits.unitCountMax else {
      throw ExperimentError(
        "'\(experiment.name)' has more than \(Limits.unitCountMax) \(experiment.unit.plural): set 'since' closer to now"
      )
    }
    indices[unit] = Int32(units.count)
    units.append(Unit())
    return units.count - 1
  }

  private mutating func countOther(_ place: ArmLookup.Place) {
    switch place {
    case .forced: forcedImpressionCount += 1
    case .stray(let name):
      let isKnown = strayImpressionCounts[name] != nil || strayImpressionCounts.count < Limits.strayNameCountMax
      strayImpressionCounts[isKnown ? name : "other", default: 0] += 1
    case .arm, .absent: break
    }
  }
}

extension Experiment.Unit {
  var plural: String { rawValue + "s" }
}

extension Milliseconds {
  static let day: Milliseconds = 86_400_000
  static let hour: Milliseconds = 3_600_000

  /// Days since 1970-01-01 UTC, rounded down.
  var dayIndex: Int { Int((self - (self % .day + .day) % .day) / .day) }
}
