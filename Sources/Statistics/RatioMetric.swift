import RealModule

/// A ratio of sums over users, such as clicks per impression or revenue per thousand requests, with its standard error.
///
/// R = Σx/Σy for a numerator x and a denominator y per user; se² = Σ(x − R·y)²/((n − 1)·ȳ²·n), the delta method without
/// its cancellation. The user is the unit: impressions of one user aren't independent. Revenue per user is the case y = 1.
/// Undefined (`nil`) for fewer than two users, Σy = 0 and NaN or infinite input. Source: Deng, Knoblich and Lu 2018.
public struct RatioMetric: Sendable, Equatable {
  /// Users.
  public let count: Int
  public let ratio: Double
  public let standardError: Double

  public init?(numerators: [Double], denominators: [Double]) {
    guard let moments = PairedMoments(x: denominators, y: numerators) else { return nil }
    self.init(moments)
  }

  /// From mergeable moments of (x: denominator, y: numerator) per user.
  public init?(_ moments: PairedMoments) {
    guard moments.count >= 2, moments.meanX != 0 else { return nil }
    let ratio = moments.meanY / moments.meanX
    let degrees = Double(moments.count - 1) * Double(moments.count)
    let error = moments.residualNorm(slope: ratio) / degrees.squareRoot() / moments.meanX.magnitude
    guard ratio.isFinite, error.isFinite else { return nil }
    count = moments.count
    self.ratio = ratio
    standardError = error
  }

  /// From what is known of it already. `nil` for fewer than two users, a negative error, NaN or infinite values.
  public init?(count: Int, ratio: Double, standardError: Double) {
    guard count >= 2, ratio.isFinite, standardError >= 0, standardError.isFinite else { return nil }
    self.count = count
    self.ratio = ratio
    self.standardError = standardError
  }

  /// By normal quantiles. `nil` for a confidence outside [0, 1].
  public func interval(confidence: Double) -> ConfidenceInterval? {
    NormalDistribution.criticalValue(confidence: confidence).map { critical in
      ConfidenceInterval(center: ratio, halfWidth: standardError == 0 ? 0 : critical * standardError)
    }
  }
}

/// The difference of a ratio metric between two arms, absolute and relative: treatment − control.
public struct RatioDifference: Sendable, Equatable {
  /// (R_b − R_a)/R_a.
  public struct Relative: Sendable, Equatable {
    public let change: Double
    public let standardError: Double
    public let interval: ConfidenceInterval
  }

  public let control: RatioMetric
  public let treatment: RatioMetric
  public let difference: Double
  public let standardError: Double
  public let z: Double
  /// Two-sided.
  public let pValue: Double
  public let interval: ConfidenceInterval
  /// `nil` when the control's ratio is 0.
  public let relative: Relative?

  /// `nil` when neither arm varies, and for a confidence outside [0, 1].
  public init?(control: RatioMetric, treatment: RatioMetric, confidence: Double) {
    let (seA, seB) = (control.standardError, treatment.standardError)
    let se = Double.hypot(seA, seB)
    guard se > 0, let critical = NormalDistribution.criticalValue(confidence: confidence) else { return nil }
    self.control = control
    self.treatment = treatment
    difference = treatment.ratio - control.ratio
    standardError = se
    z = difference / se
    pValue = NormalDistribution.twoSidedPValue(z: z)
    interval = ConfidenceInterval(center: difference, halfWidth: critical * se)
    relative =
      control.ratio == 0
      ? nil : Relative(control: control, treatment: treatment, difference: difference, critical: critical)
  }
}

extension RatioDifference.Relative {
  /// se² = se_b²/R_a² + se_a²·R_b²/R_a⁴.
  fileprivate init(control: RatioMetric, treatment: RatioMetric, difference: Double, critical: Double) {
    let base = control.ratio
    let fromControl = control.standardError / base * (treatment.ratio / base)
    let fromTreatment = treatment.standardError / base
    change = difference / base
    standardError = Double.hypot(fromControl, fromTreatment)
    interval = ConfidenceInterval(center: change, halfWidth: critical * standardError)
  }
}
