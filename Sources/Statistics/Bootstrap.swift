/// Resampling with replacement. Source: Efron and Tibshirani 1993.
public enum Bootstrap {
  /// Percentile intervals of statistics of resampled groups, each `nil` where the statistic was undefined in more than a
  /// tenth of the resamples.
  ///
  /// Groups are what is independent: users rather than their examples. `statistics` gets as many group numbers as there are
  /// groups, drawn with replacement, and returns the same number of values each time; it is called `resampleCount` times,
  /// always with the same draws for the same seed. Empty for no groups, no resamples and a confidence outside (0, 1).
  public static func intervals(
    groupCount: Int, resampleCount: Int = 200, confidence: Double = 0.95, seed: UInt64 = 1,
    statistics: (_ groups: [Int]) -> [Double?]
  ) -> [ConfidenceInterval?] {
    guard groupCount > 0, resampleCount > 0, confidence > 0, confidence < 1 else { return [] }
    var generator = SeededGenerator(seed: seed)
    var samples: [[Double]] = []
    for _ in 0..<resampleCount {
      let values = statistics((0..<groupCount).map { _ in Int.random(in: 0..<groupCount, using: &generator) })
      if samples.isEmpty { samples = Array(repeating: [], count: values.count) }
      for (place, value) in values.enumerated() where place < samples.count {
        if let value, value.isFinite { samples[place].append(value) }
      }
    }
    return samples.map { values in
      guard values.count * 10 >= resampleCount * 9 else { return nil }
      let sorted = values.sorted()
      let tail = (1 - confidence) / 2
      return ConfidenceInterval(low: quantile(sorted, tail), high: quantile(sorted, 1 - tail))
    }
  }

  /// Linear between the order statistics.
  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
  }
}
