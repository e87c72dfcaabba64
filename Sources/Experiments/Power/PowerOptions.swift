import Events

/// The experiment that is being planned.
public struct PowerOptions: Sendable {
  public var unit = Experiment.Unit.user
  /// Arms of equal weight, the control included.
  public var armCount = 2
  /// Share of the traffic that the experiment takes, above 0 and at most 1.
  public var share = 1.0
  /// The change that it must be able to find, as a share of the metric's value.
  public var relativeEffect = 0.05
  /// Accepted probability of finding a difference where there is none (two-sided), and of finding the planned one.
  public var alpha = 0.05
  public var power = 0.8
  /// Newest days of the store that are looked at.
  public var dayCountMax = 56
  public var until = Milliseconds.max

  public init() {}

  func validate() throws(ExperimentError) {
    let arms = ExperimentConfiguration.Limits.armCountMax
    guard (2...arms).contains(armCount) else { throw ExperimentError("the number of arms must be 2 to \(arms)") }
    guard share > 0, share <= 1 else { throw ExperimentError("the share must be above 0 and at most 1") }
    guard relativeEffect > 0, relativeEffect.isFinite else {
      throw ExperimentError("the effect must be above 0, as a share: 0.05 is five percent")
    }
    guard alpha > 0, alpha < 1 else { throw ExperimentError("alpha must lie between 0 and 1") }
    guard power > 0, power < 1 else { throw ExperimentError("the power must lie between 0 and 1") }
    guard (1...3650).contains(dayCountMax) else { throw ExperimentError("the days must be 1 to 3650") }
  }
}
