import Events
import Features
import Ranking

extension FeatureIndex {
  /// A model of the given weights by coordinate; weights of 0, on the model's grid, are left out.
  ///
  /// - parameter declared: the schema that the model is said to have: this one's, or that without chosen crosses.
  /// - parameter offset: what is added to the intercept's weight.
  /// - throws: `ModelError` when a weight is beyond what a model may hold.
  func model(
    id: String, created: Milliseconds, declared: Schema? = nil, weights: [Double], offset: Double,
    calibration: Calibration, lineage: String?
  ) throws(ModelError) -> Model {
    var features = ModelWeights(schema: declared ?? schema)
    var slots: [Int: Double] = [:]
    for (coordinate, weight) in weights.enumerated().dropFirst()
    where abs(weight) >= Model.Limits.gridStep / 2 || weight.isNaN {
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
}
