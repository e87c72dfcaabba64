import Events
import Features

/// A logistic model of a click: probability = calibration(σ(bias + Σ weights whose fields all match + slot)).
///
/// Every number is a multiple of 2⁻²⁴ of at most 2²⁰ (or a weight −∞), so a sum of them is exact in a `Double` and
/// doesn't depend on the order: everyone who adds them gets the same logit, bit by bit. Immutable; any thread may use it.
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

  /// A model of the given numbers, each rounded to the grid.
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
    var weights = weights
    try weights.canonicalize()
    self.id = id
    self.created = created
    self.featuresSHA256 = featuresSHA256 ?? weights.schema.sha256
    self.bias = try Self.finiteOnGrid(bias, "the bias")
    var gridSlots: [Int: Double] = [:]
    for (slot, effect) in slots { gridSlots[slot] = try Self.finiteOnGrid(effect, "slot \(slot)") }
    self.slots = gridSlots
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
    /// Different sets of fields that weights look at. With bias and slot they are below 2⁹ terms of at most 2²⁰, whose
    /// sum in units of 2⁻²⁴ is below 2⁵³, so it is exact.
    public static let patternCountMax = 500
    /// Largest magnitude of a finite number.
    public static let weightMax = 0x1p20
    /// The step between two neighbouring numbers.
    public static let gridStep = 0x1p-24
    /// UTF-8 bytes of a model's id.
    public static let idByteCountMax = 128
  }

  /// The number rounded to the grid; −∞ stays.
  static func onGrid(_ number: Double, _ name: String) throws(ModelError) -> Double {
    if number == -.infinity { return number }
    return try finiteOnGrid(number, name)
  }

  private static func finiteOnGrid(_ number: Double, _ name: String) throws(ModelError) -> Double {
    guard abs(number) <= Limits.weightMax else {
      throw ModelError(
        .numberOutOfRange, "\(name) is \(number), but must lie between -2^20 and 2^20; check what it was trained with")
    }
    return (number / Limits.gridStep).rounded() * Limits.gridStep + 0  // + 0 turns -0 into 0
  }
}
