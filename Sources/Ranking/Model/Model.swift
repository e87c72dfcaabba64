import Events
import Features

/// A logistic model of a click: probability = calibration(σ(bias + Σ weights whose fields all match + slot)).
///
/// Every number is a multiple of the same small power of two (or a weight −∞), such that a sum of them is exact in a
/// `Double` and doesn't depend on the order: everyone who adds them gets the same logit, bit by bit. The step is so fine
/// that rounding moves a logit hardly more than the order of additions would. Immutable; any thread may use it.
public struct Model: Sendable, Equatable {
  public let id: String
  public let created: Milliseconds
  /// SHA-256 of the features file that the model was trained with.
  public let featuresSHA256: String
  /// The fields that the model looks at.
  public let schema: Schema
  public let bias: Double
  /// Effect of each slot on the logit; a slot without one has 0.
  public let slots: [Int: Double]
  public let calibration: Calibration
  /// A JSON object that says where the model comes from, `nil` for none. Not interpreted here.
  public let lineage: String?

  let contextValues: [ValueTable]
  let adValues: [ValueTable]
  let patterns: [WeightPattern]

  /// A model of the given numbers, each rounded to the model's grid.
  ///
  /// - parameter featuresSHA256: that of the weights' schema unless given.
  /// - parameter lineage: the text of a JSON object.
  /// - throws: ``ModelError`` when a number is out of range, a weight appears twice, a slot is below 1, the calibration
  ///   doesn't increase or `lineage` isn't an object.
  public init(
    id: String, created: Milliseconds, featuresSHA256: String? = nil, bias: Double, weights: ModelWeights,
    slots: [Int: Double] = [:], calibration: Calibration = .identity, lineage: String? = nil
  ) throws(ModelError) {
    guard !id.isEmpty, id.utf8.count <= Limits.idByteCountMax else {
      throw ModelError(.malformed, "a model's id must have 1 to \(Limits.idByteCountMax) bytes; rename the model")
    }
    guard slots.keys.allSatisfy({ $0 >= 1 }) else {
      throw ModelError(.invalidSlot, "slots count from 1; remove the one below")
    }
    try calibration.validate()
    if let lineage { try JSONScanner.checkObject(lineage) }
    var numbers = [try Self.checked(bias, "the bias")]
    for (slot, effect) in slots { numbers.append(try Self.checked(effect, "slot \(slot)")) }
    var weights = weights
    try weights.canonicalize()
    let step = Self.gridStep(numbers: numbers, weights.patterns)
    weights.round(to: step)
    self.id = id
    self.created = created
    self.featuresSHA256 = featuresSHA256 ?? weights.schema.sha256
    self.bias = bias.rounded(to: step)
    self.slots = slots.mapValues { $0.rounded(to: step) }
    self.calibration = calibration
    self.lineage = lineage
    schema = weights.schema
    contextValues = weights.contextValues
    adValues = weights.adValues
    patterns = weights.patterns
  }

  /// Number of weights, without bias and slots.
  public var weightCount: Int { patterns.reduce(0) { $0 + $1.weights.count } }

  /// What to tell the operator when the model was trained with another features file than the schema's, else `nil`.
  ///
  /// Such a model works: its weights were checked against the schema field by field.
  public var featuresWarning: String? {
    guard featuresSHA256 != schema.sha256 else { return nil }
    return "the model '\(id)' was trained with another features file (\(featuresSHA256.prefix(12))…); "
      + "check that its fields still mean the same"
  }

  /// Named bounds of a model.
  public enum Limits {
    /// Different sets of fields that weights look at.
    public static let patternCountMax = 500
    /// Largest magnitude of a finite number.
    public static let weightMax = 0x1p20
    /// Weights of less than this say nothing: training leaves them out.
    public static let weightMin = 0x1p-25
    /// UTF-8 bytes of a model's id.
    public static let idByteCountMax = 128
    /// The finest grid's step.
    fileprivate static let gridStepMin = 0x1p-53
  }

  /// The step of the finest grid on which sums of bias, a slot and a weight of each pattern have at most 53 bits.
  ///
  /// It looks at powers of two only, which rounding to the grid doesn't pass, so that rounding again changes nothing.
  private static func gridStep(numbers: [Double], _ patterns: [WeightPattern]) -> Double {
    let magnitudes = numbers.map(abs) + patterns.map(\.magnitudeMax)
    let sumMax = magnitudes.reduce(0) { $0 + $1.nextPowerOfTwo }
    return max(sumMax.nextPowerOfTwo * 0x1p-53, Limits.gridStepMin)
  }

  /// The number when it isn't beyond what a model may hold.
  static func checked(_ number: Double, _ name: String) throws(ModelError) -> Double {
    guard abs(number) <= Limits.weightMax else {
      throw ModelError(
        .numberOutOfRange, "\(name) is \(number), but must lie between -2^20 and 2^20; check what it was trained with")
    }
    return number
  }
}

extension Double {
  /// The nearest multiple of `step`, a power of two; −∞ stays.
  func rounded(to step: Double) -> Double {
    isFinite ? (self / step).rounded() * step + 0 : self  // + 0 turns -0 into 0
  }

  /// The smallest power of two that isn't below a number of at least 0; 0 for 0.
  fileprivate var nextPowerOfTwo: Double {
    self == 0 ? 0 : significand == 1 ? self : Double(sign: .plus, exponent: exponent + 1, significand: 1)
  }
}
