import RealModule

/// The additive logarithmic mean Divisia decomposition of a change in a sum of products into its factors.
///
/// AdLoop's chain: revenue = requests × filled/requests × impressions/filled × clicks/impressions × revenue/click. For mix
/// effects use segments with the factors total × share × fill × …. Source: LMDI-I, Ang 2005; zeros by Ang and Liu 2007.
public struct LMDI: Sendable, Equatable {
  /// The factors of one segment before and after. A factor that is undefined at one end (0/0) is `nil` and takes the value
  /// of the other end; at both ends it is 1.
  public struct Segment: Sendable, Equatable {
    public let before: [Double?]
    public let after: [Double?]

    public init(before: [Double?], after: [Double?]) {
      self.before = before
      self.after = after
    }
  }

  public let totalChange: Double
  /// One a factor; they add up to the total change.
  public let contributions: [Double]

  /// `nil` for no segments or factors, segments with different numbers of factors, negative, NaN or infinite factors.
  public init?(_ segments: [Segment]) {
    guard let factorCount = segments.first?.before.count, factorCount > 0 else { return nil }
    var total = NeumaierSum()
    var sums = [NeumaierSum](repeating: NeumaierSum(), count: factorCount)
    for segment in segments {
      guard segment.before.count == factorCount, segment.after.count == factorCount else { return nil }
      let before = zip(segment.before, segment.after).map { $0 ?? $1 ?? 1 }
      let after = zip(segment.after, segment.before).map { $0 ?? $1 ?? 1 }
      guard before.allCounts, after.allCounts else { return nil }
      total.add(after.reduce(1, *))
      total.add(-before.reduce(1, *))
      for (factor, part) in Self.parts(before, after).enumerated() { sums[factor].add(part) }
    }
    guard let totalChange = total.value.ifFinite else { return nil }
    self.totalChange = totalChange
    contributions = sums.map(\.value)
  }

  private static func parts(_ before: [Double], _ after: [Double]) -> [Double] {
    let (old, new) = (before.reduce(1, *), after.reduce(1, *))
    guard !before.contains(0), !after.contains(0) else {
      let turned = zip(before, after).map { ($0 == 0) != ($1 == 0) }
      let share = (new - old) / Double(max(1, turned.count { $0 }))
      return turned.map { $0 ? share : 0 }
    }
    let logs = zip(before, after).map(logRatio)
    let mean = logarithmicMean(old, new, logRatio: NeumaierSum(logs).value)
    return logs.map { mean * $0 }
  }

  /// (a − b)/(ln a − ln b), by its series where the difference would cancel.
  private static func logarithmicMean(_ b: Double, _ a: Double, logRatio: Double) -> Double {
    guard (a - b).magnitude < 1e-3 * (a + b) else { return logRatio == 0 ? a : (a - b) / logRatio }
    let t = (a - b) / (a + b)
    let s = t * t
    return (a + b) / 2 / (1 + s * (1 / 3 + s * (1 / 5 + s * (1 / 7 + s / 9))))
  }

  /// ln(new/old) without rounding a quotient near 1.
  private static func logRatio(_ old: Double, _ new: Double) -> Double {
    (new - old).magnitude < 0.5 * old
      ? Double.log(onePlus: (new - old) / old) : Double.log(new) - Double.log(old)
  }
}
