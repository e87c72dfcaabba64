/// What users did by hour or day and by segment, each half of the users by itself, so that a proxy of the one can be
/// compared with the business of the other.
struct ProxySeries {
  /// By hour or day since 1970.
  private(set) var buckets: [Int64: Halves] = [:]
  private(set) var segments: [Int: MetricSums] = [:]

  struct Halves {
    fileprivate(set) var halves = (even: MetricSums(), odd: MetricSums())

    var even: MetricSums { halves.even }
    var odd: MetricSums { halves.odd }
    var both: MetricSums {
      var both = even
      both += odd
      return both
    }
  }

  init(_ days: UnitDays) {
    for unit in 0..<days.unitCount {
      let isEven = days.isEven(unit)
      var bucket: Int32?
      for row in days.rows(of: unit) {
        var sums = row.sums
        // Who did two sets of things in one bucket is one user.
        sums[.users] = row.day == bucket ? 0 : 1
        bucket = row.day
        if isEven {
          buckets[Int64(row.day), default: Halves()].halves.even += sums
        } else {
          buckets[Int64(row.day), default: Halves()].halves.odd += sums
        }
        if let segments = days.segments { self.segments[Int(segments.values[unit]), default: MetricSums()] += sums }
      }
    }
  }
}

extension UnitDays {
  /// Halves the units by a hash of their place, which has nothing to do with any experiment's arms.
  func isEven(_ unit: Int) -> Bool {
    let mixed = (UInt64(unit) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    return ((mixed ^ (mixed >> 31)) &* 0xBF58_476D_1CE4_E5B9) >> 63 == 0
  }
}
