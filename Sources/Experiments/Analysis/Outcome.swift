/// What followed one impression, by the join: its clicks, what they cost the advertiser, and its conversions.
struct Outcome {
  var clickCount = 0.0
  var revenue = 0.0
  var conversionCount = 0.0
  var conversionValue = 0.0

  static func += (left: inout Outcome, right: Outcome) {
    left.clickCount += right.clickCount
    left.revenue += right.revenue
    left.conversionCount += right.conversionCount
    left.conversionValue += right.conversionValue
  }
}
