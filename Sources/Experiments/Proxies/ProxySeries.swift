import Events
import Foundation
import GRDB

/// Sums by hour or day and by segment, in one pass over the newest live impressions.
///
/// Users fall into two halves, so that a proxy of the one can be compared with the revenue of the other. Memory grows with
/// hours and segments only.
struct ProxySeries {
  /// By bucket since 1970.
  private(set) var buckets: [Int64: Halves] = [:]
  private(set) var segments: [String: ProxySums] = [:]
  private var segmentNames: [String: String] = [:]

  struct Halves {
    var even = ProxySums()
    var odd = ProxySums()
    var both: ProxySums {
      var both = even
      both += odd
      return both
    }
  }

  static let otherSegment = "(other)"
  static let missingSegment = "(missing)"

  init(in database: Database, _ options: ProxyOptions) throws {
    let last = try Milliseconds.fetchOne(
      database, sql: "SELECT max(time_ms) FROM impressions WHERE traffic = 'live' AND time_ms < ?",
      arguments: [options.until])
    guard let last else { return }
    let period = (last - Milliseconds(options.dayCountMax) * .day + 1)..<(last + 1)
    let column = ImpressionReader.firstColumn
    let columns = ["user", "ctr"] + (options.segmentField == nil ? [] : ["context"])
    try ImpressionReader(database: database, period: period).forEach(columns) { row, outcome in
      let time: Milliseconds = row[ImpressionReader.timeColumn]
      let sums = ProxySums(impressionCount: 1, predictedClickCount: row[column + 1], outcome: outcome)
      let bucket = time / options.bucket.length
      if Self.isEven(user: row[column]) {
        buckets[bucket, default: Halves()].even += sums
      } else {
        buckets[bucket, default: Halves()].odd += sums
      }
      if let field = options.segmentField {
        segments[segment(field, in: row[column + 2]), default: ProxySums()] += sums
      }
    }
  }

  /// The parity of FNV-1a's high bits: halves that have nothing to do with any experiment's arms.
  private static func isEven(user: String) -> Bool {
    let hash = user.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return (hash ^ (hash >> 32)).nonzeroBitCount % 2 == 0
  }

  private mutating func segment(_ field: String, in context: String) -> String {
    if let name = segmentNames[context] { return name }
    let values = (try? JSONDecoder().decode([String: String].self, from: Data(context.utf8))) ?? [:]
    var name = values[field] ?? Self.missingSegment
    if segments[name] == nil, segments.count >= ProxyOptions.segmentCountMax { name = Self.otherSegment }
    if segmentNames.count < ArmLookup.placeCountMax { segmentNames[context] = name }
    return name
  }
}
