import Features

/// Collects the weights of a model.
///
/// Values are kept once a field, so a weight costs 8 bytes and 4 for each of its fields.
public struct ModelWeights: Sendable {
  let schema: Schema
  private(set) var contextValues: [ValueTable]
  private(set) var adValues: [ValueTable]
  private(set) var patterns: [WeightPattern] = []
  private var patternIndices: [FeatureTemplate: Int] = [:]

  public init(schema: Schema) {
    self.schema = schema
    contextValues = schema.contextFields.map { _ in ValueTable() }
    adValues = schema.adFields.map { _ in ValueTable() }
  }

  /// Number of weights so far.
  public var count: Int { patterns.reduce(0) { $0 + $1.weights.count } }

  /// Takes one weight.
  ///
  /// - parameter template: the fields that must match: any conjunction of the schema's fields, none at all included.
  /// - parameter values: the canonical value of each context field of the template, then of each ad attribute.
  /// - throws: ``ModelError`` when a value can't occur, the weight isn't in range or a limit is reached; the weight is
  ///   then left out.
  public mutating func add(_ template: FeatureTemplate, values: [String], weight: Double) throws(ModelError) {
    let fields = template.context.map { schema.contextFields[$0] } + template.ad.map { schema.adFields[$0] }
    guard fields.count == values.count else {
      throw ModelError(.malformed, "\(values.count) values for \(fields.count) fields; give each field one")
    }
    for (field, value) in zip(fields, values) { try Self.check(value, field) }
    if weight != -.infinity { _ = try Model.checked(weight, "a weight") }
    let index = try patternIndex(template)
    for (place, field) in template.context.enumerated() {
      patterns[index].append(valueNumber: contextValues[field].intern(values[place]))
    }
    for (place, field) in template.ad.enumerated() {
      patterns[index].append(valueNumber: adValues[field].intern(values[template.context.count + place]))
    }
    patterns[index].append(weight)
  }

  /// Sorts values, patterns and weights, so that equal models are equal values.
  ///
  /// - throws: ``ModelError`` when two weights have the same fields and values.
  mutating func canonicalize() throws(ModelError) {
    let contextNumbers = contextValues.indices.map { contextValues[$0].sort() }
    let adNumbers = adValues.indices.map { adValues[$0].sort() }
    for index in patterns.indices {
      let template = patterns[index].template
      let numbers = template.context.map { contextNumbers[$0] } + template.ad.map { adNumbers[$0] }
      guard let twice = patterns[index].sort(numbers) else { continue }
      throw ModelError(
        .duplicateWeight, "two weights for \(describe(patterns[index], twice)); keep one, or their sum")
    }
    patterns.sort { Self.precedes($0.template, $1.template) }
    patternIndices = Dictionary(uniqueKeysWithValues: patterns.enumerated().map { ($1.template, $0) })
  }

  /// Rounds every weight to a multiple of `step`.
  mutating func round(to step: Double) {
    for index in patterns.indices { patterns[index].round(to: step) }
  }

  /// The fields and values of a weight as text, `device=mobile category=shoes`.
  private func describe(_ pattern: WeightPattern, _ index: Int) -> String {
    let key = Array(pattern.key(index))
    let context = pattern.template.context.enumerated().map { place, field in
      "\(schema.contextFields[field].name)=\(contextValues[field].values[Int(key[place])])"
    }
    let ad = pattern.template.ad.enumerated().map { place, field in
      "\(schema.adFields[field].name)=\(adValues[field].values[Int(key[context.count + place])])"
    }
    return (context + ad).joined(separator: " ")
  }

  private mutating func patternIndex(_ template: FeatureTemplate) throws(ModelError) -> Int {
    if let index = patternIndices[template] { return index }
    guard patterns.count < Model.Limits.patternCountMax else {
      throw ModelError(
        .limitReached,
        "weights of more than \(Model.Limits.patternCountMax) different sets of fields; leave the rarest sets out")
    }
    patterns.append(WeightPattern(template: template))
    patternIndices[template] = patterns.count - 1
    return patterns.count - 1
  }

  private static func check(_ value: String, _ field: Field) throws(ModelError) {
    guard let buckets = field.buckets else {
      guard field.canonicalValue(value) != nil else {
        throw ModelError(
          .impossibleValue,
          "a value of '\(field.name)' is empty or longer than \(Schema.Limits.valueByteCountMax) bytes and never matches; remove its weight"
        )
      }
      return
    }
    guard buckets.contains(where: { $0.label == value }) else {
      throw ModelError(
        .impossibleValue,
        "'\(field.name)' has no bucket '\(value)'; import the model with the features file it was trained with")
    }
  }

  private static func precedes(_ first: FeatureTemplate, _ second: FeatureTemplate) -> Bool {
    if first.context != second.context { return first.context.lexicographicallyPrecedes(second.context) }
    return first.ad.lexicographicallyPrecedes(second.ad)
  }
}
