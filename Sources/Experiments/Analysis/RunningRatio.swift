import Statistics

/// A ratio metric over units whose sums keep growing, so that it can be told after each day.
///
/// Holds sums of x and of e = y − R₀·x for a ratio R₀ near all that are asked for: then Σ(y − R·x)² is
/// Σe² − 2(R − R₀)Σxe + (R − R₀)²Σx², where nothing cancels.
struct RunningRatio: Sendable {
  private let base: Double
  private var count = 0
  private var x = 0.0
  private var e = 0.0
  private var xx = 0.0
  private var xe = 0.0
  private var ee = 0.0

  /// - parameter base: R₀.
  init(base: Double) {
    self.base = base
  }

  /// Counts a unit that wasn't there before, with sums of 0.
  mutating func addUnit() { count += 1 }

  /// Moves a unit's sums from one pair to another.
  mutating func move(from old: (x: Double, y: Double), to new: (x: Double, y: Double)) {
    let before = old.y - base * old.x
    let after = new.y - base * new.x
    x += new.x - old.x
    e += after - before
    xx += new.x * new.x - old.x * old.x
    xe += new.x * after - old.x * before
    ee += after * after - before * before
  }

  static func += (left: inout Self, right: Self) {
    left.count += right.count
    left.x += right.x
    left.e += right.e
    left.xx += right.xx
    left.xe += right.xe
    left.ee += right.ee
  }

  /// `nil` for fewer than two units and Σx = 0.
  var metric: RatioMetric? {
    guard count >= 2, x != 0 else { return nil }
    let shift = e / x
    let squares = max(0, ee - 2 * shift * xe + shift * shift * xx)
    let mean = x / Double(count)
    let error = (squares / Double(count - 1) / Double(count)).squareRoot() / mean.magnitude
    return RatioMetric(count: count, ratio: base + shift, standardError: error)
  }
}
