import RealModule

/// Log loss, normalised entropy, calibration and Brier score of click predictions, from one pass over the rows in any order.
///
/// Add rows one by one, or whole arrays, and merge parts; a row costs about one logarithm, memory is constant.
/// A weight of 0 leaves a row out. A prediction outside [0, 1], a negative weight or a NaN makes every result `nil`,
/// as an empty input does.
public struct PredictionQuality: Sendable {
  /// Predictions are moved into [epsilon, 1 − epsilon] before the logarithm.
  public let epsilon: Double
  /// Rows with a weight above 0.
  public private(set) var count = 0
  private var isValid: Bool
  private var positiveWeight = NeumaierSum()
  private var negativeWeight = NeumaierSum()
  private var loss = NeumaierSum()
  private var prediction = NeumaierSum()
  private var squaredError = NeumaierSum()

  public init(epsilon: Double = 1e-15) {
    self.epsilon = epsilon
    isValid = epsilon.isProbability
  }

  /// The quality over arrays of equal length; weights are 1 when not given.
  public init(labels: [Bool], predictions: [Double], weights: [Double]? = nil, epsilon: Double = 1e-15) {
    self.init(epsilon: epsilon)
    guard labels.count == predictions.count, weights.map({ $0.count == labels.count }) ?? true else {
      isValid = false
      return
    }
    for row in labels.indices {
      add(label: labels[row], prediction: predictions[row], weight: weights?[row] ?? 1)
    }
  }

  public mutating func add(label: Bool, prediction p: Double, weight: Double = 1) {
    guard p.isProbability, weight.isFinite, weight >= 0 else {
      isValid = false
      return
    }
    guard weight > 0 else { return }
    count += 1
    let clipped = min(max(p, epsilon), 1 - epsilon)
    let error = label ? 1 - p : p
    if label { positiveWeight.add(weight) } else { negativeWeight.add(weight) }
    loss.add(-weight * (label ? Double.log(clipped) : Double.log(onePlus: -clipped)))
    prediction.add(weight * p)
    squaredError.add(weight * error * error)
  }

  /// Adds the rows of `other`, which must have the same epsilon.
  public mutating func merge(_ other: Self) {
    isValid = isValid && other.isValid && epsilon == other.epsilon
    count += other.count
    positiveWeight.merge(other.positiveWeight)
    negativeWeight.merge(other.negativeWeight)
    loss.merge(other.loss)
    prediction.merge(other.prediction)
    squaredError.merge(other.squaredError)
  }

  /// −(1/W) Σ w [y ln q + (1 − y) ln(1 − q)], q the clipped prediction; infinite when epsilon is 0 and a sure prediction wrong.
  public var logLoss: Double? { perWeight(loss.value) }

  /// ȳ = Σwy/W.
  public var baseRate: Double? { perWeight(positiveWeight.value) }

  /// Σw(p − y)²/W.
  public var brierScore: Double? { perWeight(squaredError.value) }

  /// Σwp/Σwy, predicted clicks per observed click; 1 is right. `nil` without clicks.
  public var calibrationRatio: Double? {
    guard isValid, positiveWeight.value > 0 else { return nil }
    return (prediction.value / positiveWeight.value).ifFinite
  }

  /// Log loss over the log loss of always predicting `background`, or the rows' own base rate when not given.
  ///
  /// Below 1 is better than knowing only the background. Compare it only on the same rows: it depends on the base rate.
  /// `nil` when the background isn't strictly between 0 and 1, as with one class only. Source: He et al. 2014.
  public func normalizedEntropy(background: Double? = nil) -> Double? {
    guard let logLoss, let reference = referenceLoss(background: background) else { return nil }
    return (logLoss / reference).ifNumber
  }

  /// 1 − normalised entropy.
  public func relativeInformationGain(background: Double? = nil) -> Double? {
    normalizedEntropy(background: background).map { 1 - $0 }
  }

  private func referenceLoss(background: Double?) -> Double? {
    let total = positiveWeight.value + negativeWeight.value
    let (clicks, others) = (positiveWeight.value / total, negativeWeight.value / total)
    let (b, complement) = background.map { ($0, 1 - $0) } ?? (clicks, others)
    guard b > 0, b < 1, complement > 0 else { return nil }
    let logClick = b < 0.5 ? Double.log(b) : Double.log(onePlus: -complement)
    let logOther = b < 0.5 ? Double.log(onePlus: -b) : Double.log(complement)
    return -(clicks * logClick + others * logOther)
  }

  private func perWeight(_ sum: Double) -> Double? {
    let total = positiveWeight.value + negativeWeight.value
    guard isValid, total > 0, total.isFinite else { return nil }
    return (sum / total).ifNumber
  }
}
