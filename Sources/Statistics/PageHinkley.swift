/// The Page–Hinkley test for a change of the mean, one value at a time; it starts anew after each detection.
public struct PageHinkley: Sendable, Equatable {
  /// Which changes are looked for.
  public enum Mode: String, Sendable, CaseIterable {
    case up, down, both
  }

  private let delta: Double
  private let threshold: Double
  private let mode: Mode
  private let countMin: Int
  private let forgetting: Double
  private var count = 0
  private var mean = 0.0
  private var rise = 0.0
  private var fall = 0.0
  private var riseMin = Double.infinity
  private var fallMax = -Double.infinity

  /// `delta` is the change that is tolerated, `countMin` the values needed before a detection, `forgetting` the factor of
  /// the older sums (1 keeps them). `nil` for NaN and infinite input.
  public init?(delta: Double, threshold: Double, mode: Mode, countMin: Int, forgetting: Double) {
    guard [delta, threshold, forgetting].allFinite else { return nil }
    self.delta = delta
    self.threshold = threshold
    self.mode = mode
    self.countMin = countMin
    self.forgetting = forgetting
  }

  /// Whether the value completes a change.
  public mutating func add(_ value: Double) -> Bool {
    count += 1
    mean += (value - mean) / Double(count)
    rise = forgetting * rise + (value - mean) - delta
    fall = forgetting * fall + (value - mean) + delta
    riseMin = min(riseMin, rise)
    fallMax = max(fallMax, fall)
    let isDetected =
      count >= countMin
      && (mode != .down && rise - riseMin > threshold || mode != .up && fallMax - fall > threshold)
    if isDetected { restart() }
    return isDetected
  }

  private mutating func restart() {
    (count, mean, rise, fall) = (0, 0, 0, 0)
    (riseMin, fallMax) = (.infinity, -.infinity)
  }
}
