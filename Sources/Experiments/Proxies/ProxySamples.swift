import Events
import GRDB

/// What a proxy analysis reads.
struct ProxySamples {
  /// All that the users did by day: what past experiments are read from.
  let days: UnitDays
  /// The same by hour, when days are too few.
  let hours: UnitDays?

  var bucket: ProxyOptions.Bucket { hours == nil ? .day : .hour }

  init(days: UnitDays, hours: UnitDays? = nil) {
    self.days = days
    self.hours = hours
  }

  init(in database: Database, _ options: ProxyOptions) throws {
    let days = try UnitDays(
      newest: options.dayCountMax, until: options.until, in: database, segmentField: options.segmentField)
    let first = days.rows.lazy.map(\.day).min() ?? 0
    let isShort = days.rows.isEmpty || Int((days.lastDay ?? first) - first) + 1 < ProxyOptions.dayCountMin
    guard options.bucket == .hour || (options.bucket == nil && isShort) else {
      self.init(days: days)
      return
    }
    let period = UnitDays.Period(from: Int(first).start, until: options.until, bucket: .hour)
    self.init(days: days, hours: try UnitDays(in: database, period))
  }
}
