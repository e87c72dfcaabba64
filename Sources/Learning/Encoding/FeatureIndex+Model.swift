import Events
import Features
import Ranking

extension FeatureIndex {
  /// A model of the given weights by coordinate; weights that say nothing are left out.
  ///
  /// - parameter declared: the schema that the model is said to have: this one's, or that without chosen crosses.
  /// - parameter factors: vectors whose products are added to the crosses of their values.
  /// - parameter offset: what is added to the intercept's weight.
  /// - throws: `ModelError` when a weight is beyond what a model may hold.
  func model(
    id: String, created: Milliseconds, declared: Schema? = nil, weights: [Double],
    factors: Factors? = nil, offset: Double, calibration: Calibration, lineage: String?
  ) throws(ModelError) -> Model {
    var features = ModelWeights(schema: declared ?? schema)
    var weights = weights
    if let factors { try add(factors, to: &weights, and: &features) }
    var slots: [Int: Double] = [:]
    for (coordinate, weight) in weights.enumerated().dropFirst()
    where abs(weight) >= Model.Limits.weightMin || weight.isNaN {
      if keys[coordinate] == 0 {
        slots[coordinate + 1] = weight
      } else {
        let feature = feature(keys[coordinate])
        try features.add(feature.template, values: feature.values, weight: weight)
      }
    }
    return try Model(
      id: id, created: created, bias: offset + (weights.first ?? 0), weights: features, slots: slots,
      calibration: calibration, lineage: lineage)
  }

  /// Fields and canonical values of a key.
  private func feature(_ key: UInt64) -> (template: FeatureTemplate, values: [String]) {
    let parts = Self.parts(of: key)
    let template = schema.templates[parts.template]
    let numbers = fieldNumbers(of: template)
    let codes = [parts.first, parts.second].prefix(numbers.count)
    return (template, zip(numbers, codes).map { fields[$0].values[$1 - 1] })
  }

  /// Writes the products of vectors out: to the weight of a cross that is known, or else as a weight of its own.
  private func add(
    _ factors: Factors, to weights: inout [Double], and features: inout ModelWeights
  ) throws(ModelError) {
    let rows = factors.vocabulary.rowOfCode.map { rows in
      rows.enumerated().filter { $1 != FactorVocabulary.none }.map { (code: UInt32($0), row: $1) }
    }
    for context in schema.contextFields.indices {
      for ad in schema.adFields.indices {
        let template = FeatureTemplate(context: [context], ad: [ad])
        let number = schema.templates.firstIndex(of: template)
        let adField = schema.contextFields.count + ad
        for first in rows[context] {
          for second in rows[adField] {
            let product = factors.product(first.row, second.row)
            let known = number.flatMap { knownCoordinate(template: $0, first.code, second.code) }
            if let known {
              weights[Int(known)] += product
            } else if abs(product) >= Model.Limits.weightMin || product.isNaN {
              let values = [fields[context].values[Int(first.code) - 1], fields[adField].values[Int(second.code) - 1]]
              try features.add(template, values: values, weight: product)
            }
          }
        }
      }
    }
  }
}
