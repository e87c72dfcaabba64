import RealModule

/// How far a distribution has moved from a reference.
public enum Drift {
  /// Unit of a divergence.
  public enum LogarithmBase: String, Sendable, CaseIterable {
    case two = "2"
    case e
  }

  /// The population stability index Σ (Q − P) ln(Q/P) of counts by bin, with `smoothing` added to each count.
  ///
  /// Infinite when smoothing is 0 and a bin is empty on one side only. `nil` for no bins, unequal lengths, negative counts
  /// and a total of 0. Without drift it is about (k − 1)(1/n + 1/m), and divided by (1/n + 1/m) about chi-square with
  /// k − 1 degrees of freedom, so the usual limits 0.1 and 0.25 ignore sample size.
  public static func populationStabilityIndex(expected: [Double], actual: [Double], smoothing: Double = 0.5) -> Double?
  {
    guard let p = shares(expected, smoothing: smoothing), let q = shares(actual, smoothing: smoothing),
      p.count == q.count
    else { return nil }
    let terms = zip(p, q).lazy.filter { $0 != $1 }.map { p, q in (q - p) * logRatio(q, p) }
    return NeumaierSum(terms).value.ifNumber
  }

  /// The Jensen–Shannon divergence ½KL(P‖M) + ½KL(Q‖M), M = (P + Q)/2, of two lists of counts or shares.
  ///
  /// In [0, 1] for base 2. It is the divergence; some libraries return its square root. `nil` for no bins, unequal lengths,
  /// negative values and a total of 0.
  public static func jensenShannonDivergence(_ p: [Double], _ q: [Double], base: LogarithmBase) -> Double? {
    guard let p = shares(p, smoothing: 0), let q = shares(q, smoothing: 0), p.count == q.count else { return nil }
    let bits = NeumaierSum(zip(p, q).lazy.map(surprise)).value
    return base == .two ? bits : bits * Double.log(2)
  }

  /// ½[p log₂(2p/(p + q)) + q log₂(2q/(p + q))]: one bin's part of the Jensen–Shannon divergence in bits.
  ///
  /// For close p and q from their mean m and d = (q − p)/(p + q) as ½m[ln(1 − d²) + 2d·artanh d]/ln 2, which keeps its
  /// digits.
  static func surprise(_ p: Double, _ q: Double) -> Double {
    if p == q { return 0 }
    if p == 0 || q == 0 { return (p + q) / 2 }
    let mean = (p + q) / 2
    let d = (q - p) / (p + q)
    guard d.magnitude < 0.5 else { return (p * Double.log2(p / mean) + q * Double.log2(q / mean)) / 2 }
    return mean / 2 * (Double.log(onePlus: -d * d) + 2 * d * Double.atanh(d)) / Double.log(2)
  }

  /// ln(a/b) for values that may be close.
  private static func logRatio(_ a: Double, _ b: Double) -> Double {
    let d = (a - b) / (a + b)
    return d.magnitude < 0.5 ? 2 * Double.atanh(d) : Double.log(a) - Double.log(b)
  }

  private static func shares(_ counts: [Double], smoothing: Double) -> [Double]? {
    guard counts.allCounts, smoothing.isFinite, smoothing >= 0, counts.contains(where: { $0 > 0 }) else { return nil }
    let total = NeumaierSum(counts).value + Double(counts.count) * smoothing
    return total.isFinite ? counts.map { ($0 + smoothing) / total } : nil
  }
}

/// The two-sample Kolmogorov–Smirnov test.
public struct KolmogorovSmirnov: Sendable, Equatable {
  /// D, the largest distance between the two empirical distribution functions.
  public let statistic: Double
  /// From the limit distribution; conservative with ties. At serving volumes every tiny shift is significant: alert on D.
  public let pValue: Double

  /// O(n log n). `nil` for an empty sample, NaN or infinite values.
  public init?(_ a: [Double], _ b: [Double]) {
    guard !a.isEmpty, !b.isEmpty, a.allFinite, b.allFinite else { return nil }
    let (a, b) = (a.sorted(), b.sorted())
    var (i, j, largest) = (0, 0, 0)
    while i < a.count, j < b.count {
      let value = min(a[i], b[j])
      while i < a.count, a[i] == value { i += 1 }
      while j < b.count, b[j] == value { j += 1 }
      largest = max(largest, abs(i * b.count - j * a.count))
    }
    let (n, m) = (Double(a.count), Double(b.count))
    statistic = Double(largest) / (n * m)
    guard let p = Kolmogorov.survival((n * m / (n + m)).squareRoot() * statistic) else { return nil }
    pValue = p
  }
}
