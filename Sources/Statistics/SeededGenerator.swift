import RealModule

/// A reproducible source of chance: the same seed gives the same draws on every machine and in every release.
///
/// SplitMix64 (Steele, Lea and Flood 2014): 64 bits of state, period 2⁶⁴, passes BigCrush, one draw is a few
/// nanoseconds. Not for keys or anything an adversary may guess. A value type: copy it to replay, give each thread its own.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Any seed is good, 0 too; seeds that differ in one bit give unrelated streams.
  public init(seed: UInt64) {
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Uniform in [0, 1), a multiple of 2⁻⁵³.
  public mutating func nextUniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Standard normal, by Box and Muller's transform; takes two draws.
  public mutating func nextNormal() -> Double {
    let radius = (-2 * Double.log(1 - nextUniform())).squareRoot()
    return radius * Double.cos(2 * .pi * nextUniform())
  }

  /// exp of a normal with the given mean and standard deviation (of the logarithm).
  public mutating func nextLogNormal(logMean: Double, logDeviation: Double) -> Double {
    Double.exp(logMean + logDeviation * nextNormal())
  }

  /// Exponential with the given mean.
  public mutating func nextExponential(mean: Double) -> Double {
    -mean * Double.log(1 - nextUniform())
  }

  /// Poisson with the given mean, exact for every mean; 0 when the mean is not above 0.
  ///
  /// A mean up to 10 counts exponential gaps (mean + 1 draws). A larger one uses Hörmann's transformed rejection PTRS
  /// (1993), about 2.5 draws whatever the mean. Means above 1e15 are taken as 1e15.
  public mutating func nextPoisson(mean: Double) -> Int {
    guard mean > 0 else { return 0 }
    return mean <= 10 ? countArrivals(mean: mean) : rejectTransformed(mean: min(mean, 1e15))
  }

  /// An index drawn in proportion to `weights`, in O(n). Weights that are not above 0 are never drawn; `nil` when none is.
  public mutating func nextCategory(weights: some Collection<Double>) -> Int? {
    let total = weights.reduce(0) { $1 > 0 ? $0 + $1 : $0 }
    guard total > 0 else { return nil }
    var remaining = nextUniform() * total
    var chosen: Int?
    for (index, weight) in weights.enumerated() where weight > 0 {
      chosen = index
      remaining -= weight
      if remaining < 0 { break }
    }
    return chosen
  }

  private mutating func countArrivals(mean: Double) -> Int {
    let limit = Double.exp(-mean)
    var product = nextUniform()
    var count = 0
    while product > limit {
      count += 1
      product *= nextUniform()
    }
    return count
  }

  private mutating func rejectTransformed(mean: Double) -> Int {
    let logMean = Double.log(mean)
    let b = 0.931 + 2.53 * mean.squareRoot()
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let sureAcceptance = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = nextUniform() - 0.5
      let v = nextUniform()
      let us = 0.5 - abs(u)
      let k = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
      if us >= 0.07 && v <= sureAcceptance { return Int(k) }
      guard k >= 0, us >= 0.013 || v <= us, v > 0 else { continue }
      let density = k * logMean - mean - Double.logGamma(k + 1)
      if Double.log(v * inverseAlpha / (a / (us * us) + b)) <= density { return Int(k) }
    }
  }
}
