/// Training on all clicks and a share of the rest.
public enum Downsampling {
  /// The probability among all rows that belongs to p among the kept ones, p/(p + (1 − p)/rate), where training kept the
  /// share `rate` of the negatives. `nil` for p outside [0, 1] or rate outside (0, 1]. Source: He et al. 2014.
  public static func recalibrate(_ p: Double, rate: Double) -> Double? {
    guard p.isProbability, rate > 0, rate <= 1 else { return nil }
    return p * rate / (p * rate + (1 - p))
  }
}
