import Statistics

/// How far one window's distribution lies from another's, as effect sizes that don't grow with the traffic.
public struct DriftEffect: Sendable, Equatable {
  /// A bin with fewer observations than this on both sides together is counted with the other such bins, …
  public static let binCountMin = 50.0
  /// … and one with a smaller share of them: a hundred small bins would hide the move of a large one in their noise.
  public static let binShareMin = 0.01

  /// The population stability index, half a count added to each bin; 0 is no change.
  public let psi: Double
  /// The Jensen–Shannon divergence in bits, 0 to 1.
  public let jensenShannon: Double
  /// Bins that were compared.
  public let binCount: Int
  /// 1/n + 1/m of the observations: without a change, PSI over this is about chi-square with a degree of freedom less than
  /// there are bins.
  let noise: Double
  /// The bin whose share changed most, and its shares in the reference and now.
  public let largestMove: (bin: String, before: Double, now: Double)

  /// `nil` when either side has no observation or their bins can't be matched.
  public init?(from reference: ObservedDistribution, to current: ObservedDistribution) {
    guard let matched = current.matched(with: reference) else { return nil }
    let bins = Self.merged(matched)
    let (before, now) = (bins.map(\.reference), bins.map(\.current))
    let (n, m) = (before.reduce(0, +), now.reduce(0, +))
    guard n > 0, m > 0, let psi = Drift.populationStabilityIndex(expected: before, actual: now),
      let divergence = Drift.jensenShannonDivergence(before, now, base: .two),
      let largest = bins.max(by: {
        ($0.current / m - $0.reference / n).magnitude < ($1.current / m - $1.reference / n).magnitude
      })
    else { return nil }
    self.psi = psi
    jensenShannon = divergence
    binCount = bins.count
    noise = 1 / n + 1 / m
    largestMove = (largest.name, largest.reference / n, largest.current / m)
  }

  public static func == (left: Self, right: Self) -> Bool {
    left.psi == right.psi && left.jensenShannon == right.jensenShannon && left.binCount == right.binCount
      && left.noise == right.noise && left.largestMove == right.largestMove
  }

  /// PSI over what chance alone makes it on average; `nil` for a single bin.
  var dispersion: Double? { binCount > 1 ? psi / (noise * Double(binCount - 1)) : nil }

  private static func merged(_ bins: [MatchedBin]) -> [MatchedBin] {
    let total = bins.reduce(0) { $0 + $1.reference + $1.current }
    let countMin = max(binCountMin, binShareMin * total)
    let isRare = { (bin: MatchedBin) in bin.reference + bin.current < countMin }
    let rare = bins.filter(isRare)
    let rest = MatchedBin(
      name: "(rare)", reference: rare.reduce(0) { $0 + $1.reference }, current: rare.reduce(0) { $0 + $1.current })
    return bins.filter { !isRare($0) } + (rest.reference + rest.current > 0 ? [rest] : [])
  }
}
