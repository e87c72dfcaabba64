/// A sum of sums, each times a factor: the numerator or the denominator of a metric.
///
/// In YAML the name of one sum, or a mapping of names to factors: `{predicted_clicks: 1, clicks: -1}`.
public struct LinearForm: Codable, Sendable, Hashable {
  /// Factors that aren't 0, by sum.
  public let factors: [MetricSum: Double]
  private let coefficients: SIMD16<Double>

  /// Factors must be finite; those that are 0 are left out.
  public init(_ factors: [MetricSum: Double]) {
    self.factors = factors.filter { $0.value != 0 }
    var coefficients = SIMD16<Double>()
    for (sum, factor) in factors { coefficients[sum.index] = factor }
    self.coefficients = coefficients
  }

  /// Its value for these sums. O(1).
  public func value(_ sums: MetricSums) -> Double {
    (sums.values * coefficients).sum()
  }

  var isMoney: Bool { factors.keys.contains(where: \.isMoney) }

  public init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    if let name = try? single.decode(String.self) {
      self.init([try Self.sum(name, decoder): 1])
    } else {
      var factors: [MetricSum: Double] = [:]
      for (name, factor) in try single.decode([String: Double].self) { factors[try Self.sum(name, decoder)] = factor }
      self.init(factors)
    }
    guard !factors.isEmpty, factors.values.allSatisfy(\.isFinite) else {
      throw Self.error("give at least one sum a factor that isn't 0", decoder)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var single = encoder.singleValueContainer()
    if factors.count == 1, let (sum, factor) = factors.first, factor == 1 {
      try single.encode(sum)
    } else {
      try single.encode(Dictionary(uniqueKeysWithValues: factors.map { ($0.rawValue, $1) }))
    }
  }

  private static func sum(_ name: String, _ decoder: any Decoder) throws -> MetricSum {
    guard let sum = MetricSum(rawValue: name) else {
      let known = MetricSum.allCases.map(\.rawValue).joined(separator: ", ")
      throw error("there is no sum '\(name)' (known are \(known))", decoder)
    }
    return sum
  }

  private static func error(_ message: String, _ decoder: any Decoder) -> DecodingError {
    .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: message))
  }
}
