/// How predictions are put into the bins of a reliability diagram.
public enum BinningStrategy: String, Sendable, CaseIterable {
  /// Bins of equal width on [0, 1]; with click data nearly all rows fall into the first.
  case equalWidth = "equal_width"
  /// Bins of about equal weight; equal predictions stay together.
  case equalMass = "equal_mass"
}

/// One bin of a reliability diagram.
public struct ReliabilityBin: Sendable, Equatable {
  public let index: Int
  public let count: Int
  public let weight: Double
  public let meanPrediction: Double
  public let meanLabel: Double

  /// How far the bin's predictions are from what happened.
  public var gap: Double { (meanPrediction - meanLabel).magnitude }
}

/// The weighted mean and the largest gap of a reliability diagram.
public struct CalibrationError: Sendable, Equatable {
  /// ECE, biased upwards when bins are small.
  public let expected: Double
  /// MCE.
  public let maximum: Double
}

extension RankedExamples {
  /// More bins than this are refused.
  public static let binCountLimit = 1_000_000

  /// The bins of a reliability diagram, empty ones left out, in ascending order of prediction.
  ///
  /// `nil` when a score isn't in [0, 1] or `binCount` isn't in 1…``binCountLimit``. With equal mass a group of equal
  /// predictions goes to the bin where its middle rank lies, so row order doesn't matter.
  public func reliabilityBins(count binCount: Int, strategy: BinningStrategy) -> [ReliabilityBin]? {
    guard (1...Self.binCountLimit).contains(binCount), rows[0].score >= 0, rows[rows.count - 1].score <= 1 else {
      return nil
    }
    var bins: [ReliabilityBin] = []
    var current = BinSums(index: 0)
    var rowsBelow = 0
    var weightBelow = NeumaierSum()
    for tie in ties() {
      let index =
        strategy == .equalWidth
        ? min(binCount - 1, Int(tie.score * Double(binCount)))
        : massBin(of: tie, rowsBelow: rowsBelow, weightBelow: weightBelow.value, binCount: binCount)
      if index != current.index {
        if let bin = current.bin { bins.append(bin) }
        current = BinSums(index: index)
      }
      current.add(tie)
      rowsBelow += tie.rows
      weightBelow.add(tie.weight)
    }
    if let bin = current.bin { bins.append(bin) }
    return bins
  }

  /// ECE and MCE over ``reliabilityBins(count:strategy:)``. Sources: Naeini et al. 2015, Guo et al. 2017.
  public func calibrationError(binCount: Int, strategy: BinningStrategy) -> CalibrationError? {
    guard let bins = reliabilityBins(count: binCount, strategy: strategy) else { return nil }
    let total = NeumaierSum(bins.lazy.map(\.weight)).value
    let expected = NeumaierSum(bins.lazy.map { $0.weight / total * $0.gap }).value
    return CalibrationError(expected: expected, maximum: bins.map(\.gap).max() ?? 0)
  }

  /// Without weights in integers, so that exact boundaries stay exact.
  private func massBin(of tie: TieGroup, rowsBelow: Int, weightBelow: Double, binCount: Int) -> Int {
    guard isWeighted else { return (2 * rowsBelow + tie.rows) * binCount / (2 * rows.count) }
    let middle = (weightBelow + tie.weight / 2) / (positiveWeight + negativeWeight)
    return min(binCount - 1, Int(Double(binCount) * middle))
  }
}

private struct BinSums {
  let index: Int
  var count = 0
  var weight = NeumaierSum()
  var prediction = NeumaierSum()
  var clicks = NeumaierSum()

  init(index: Int) {
    self.index = index
  }

  mutating func add(_ tie: RankedExamples.TieGroup) {
    count += tie.rows
    weight.add(tie.weight)
    prediction.add(tie.weight * tie.score)
    clicks.add(tie.positiveWeight)
  }

  var bin: ReliabilityBin? {
    guard count > 0 else { return nil }
    return ReliabilityBin(
      index: index, count: count, weight: weight.value, meanPrediction: prediction.value / weight.value,
      meanLabel: clicks.value / weight.value)
  }
}
