/// A change split into what moved data and what moved weights make of it, each taken at the midpoint of the other: their
/// sum is the change, and neither comes first.
public struct ShiftSplit: Codable, Sendable, Equatable {
  public private(set) var data = 0.0
  public private(set) var weights = 0.0

  public var change: Double { data + weights }

  /// How much there is to blame: parts of opposite sign don't cancel.
  var magnitude: Double { abs(data) + abs(weights) }

  /// Nothing moved.
  init() {}

  /// The change of share · weight.
  init(shares: (Double, Double), weights: (Double, Double)) {
    data = (shares.1 - shares.0) * (weights.0 + weights.1) / 2
    self.weights = (weights.1 - weights.0) * (shares.0 + shares.1) / 2
  }

  /// The change of a mean, whatever it is the mean of.
  ///
  /// - parameter mean: of the window before (0) or after (1), by the model before (0) or after (1).
  init(mean: (_ window: Int, _ model: Int) -> Double) {
    data = (mean(1, 0) - mean(0, 0) + mean(1, 1) - mean(0, 1)) / 2
    weights = (mean(0, 1) - mean(0, 0) + mean(1, 1) - mean(1, 0)) / 2
  }

  mutating func add(_ other: Self) {
    data += other.data
    weights += other.weights
  }
}
