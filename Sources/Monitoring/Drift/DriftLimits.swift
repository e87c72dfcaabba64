import RealModule
import Statistics

/// Above which effect sizes a distribution has drifted: learnt from pairs of earlier windows between which nothing is
/// looked for, so that what always varies isn't called drift.
public struct DriftLimits: Sendable, Equatable {
  /// A PSI below this is too small a change to be told of, however sure.
  public static let psiMin = 0.05
  /// The limit when there are too few pairs: what is customary for a large shift, and no calibration.
  public static let uncalibratedPSI = 0.25
  /// Pairs that a calibration needs.
  public static let pairCountMin = 3
  /// Which part of the pairs' effect sizes stays below the limit.
  static let pairQuantile = 0.9
  /// Probability that chance alone exceeds the limit: there are dozens of distributions, looked at every hour.
  static let chanceMax = 1e-9
  /// The limit for scatter in multiples of what pairs of earlier windows have: they may differ by more than scatter.
  static let usualMultipleMax = 4.0
  /// Bits of Jensen–Shannon divergence for a PSI, of close distributions: both are then multiples of the chi-square distance.
  private static let bitsPerPSI = 1 / (8 * Double.log(2))

  public let psi: Double
  public let jensenShannon: Double
  /// Pairs of earlier windows that it was learnt from.
  public let pairCount: Int

  public var isCalibrated: Bool { pairCount >= Self.pairCountMin }

  /// The limits for `effect`. The largest of: the floor; a high quantile of what `pairs` of earlier windows have; and what
  /// chance makes of the counts, multiplied by how much more than by chance those pairs differ.
  init(for effect: DriftEffect, pairs: [DriftEffect]) {
    pairCount = pairs.count
    let isCalibrated = pairs.count >= Self.pairCountMin
    let floor = isCalibrated ? Self.psiMin : Self.uncalibratedPSI
    let usual = isCalibrated ? Self.quantile(pairs.map(\.psi)) : 0
    let dispersion = isCalibrated ? max(1, Self.quantile(pairs.compactMap(\.dispersion))) : 1
    let chance = Self.chance(degreesOfFreedom: Double(effect.binCount - 1)) * effect.noise
    let scattered = max(chance, min(chance * dispersion, Self.usualMultipleMax * usual))
    psi = max(floor, scattered, usual)
    let divergence = isCalibrated ? Self.quantile(pairs.map(\.jensenShannon)) : 0
    // Of distributions that lie far apart the divergence is less than in proportion, so the floor is halved.
    jensenShannon = min(1, max(floor * Self.bitsPerPSI / 2, scattered * Self.bitsPerPSI, divergence))
  }

  func isExceeded(by effect: DriftEffect) -> Bool { effect.psi > psi && effect.jensenShannon > jensenShannon }

  /// The chi-square value that chance exceeds with probability ``chanceMax``, by Wilson and Hilferty 1931.
  private static func chance(degreesOfFreedom df: Double) -> Double {
    guard df > 0, let z = NormalDistribution.quantile(1 - chanceMax) else { return 0 }
    let root = 1 - 2 / (9 * df) + z * (2 / (9 * df)).squareRoot()
    return df * root * root * root
  }

  /// The smallest value that a share of ``pairQuantile`` doesn't exceed.
  private static func quantile(_ values: [Double]) -> Double {
    let rank = Int((pairQuantile * Double(values.count)).rounded(.up))
    return values.isEmpty ? 0 : values.sorted()[max(0, rank - 1)]
  }
}
