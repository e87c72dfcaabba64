/// What one unit (a user or a request) did in some time.
struct UnitSums {
  var impressionCount: Int32 = 0
  var clickCount: Int32 = 0
  var revenue = 0.0
  var conversionValue = 0.0

  /// Adds one impression and what followed it.
  mutating func add(_ outcome: Outcome) {
    impressionCount += 1
    clickCount += Int32(outcome.clickCount)
    revenue += outcome.revenue
    conversionValue += outcome.conversionValue
  }
}
