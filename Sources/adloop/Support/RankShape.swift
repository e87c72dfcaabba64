import ArgumentParser
import Catalog
import Features
import Ranking
import Statistics

/// Which model and catalog a measurement of ranking is about: the system's own, or made-up ones of some character.
enum RankShape: String, CaseIterable, ExpressibleByArgument {
  /// The model and the ads that serve.
  case live
  /// Weights of the size that training leaves, for every feature of the schema; CTRs of some percent.
  case typical
  /// No crosses of context and ad: every request has the same order.
  case additive
  /// Also crosses of the context with each ad attribute that has more values than a byte.
  case manyValues = "many-values"
  /// Large weights and CTRs near 1, for which the bounds of scores say little.
  case looseBounds = "loose-bounds"

  /// Weights of one template at most.
  private static let combinationCountMax = 1_000_000
  private static let byteValueCount = 256

  /// A made-up model of this character over the values that occur in `catalog` and `contexts`.
  ///
  /// - throws: `ModelError` when the schema makes more features than a model may have.
  func model(
    _ schema: Schema, _ catalog: CatalogSnapshot, contexts: [[String: String]], seed: UInt64
  ) throws -> Model {
    var generator = SeededGenerator(seed: seed)
    var weights = ModelWeights(schema: schema)
    let contextValues = schema.contextFields.map { field in
      Set(contexts.compactMap { field.canonicalValue($0[field.name]) }).sorted()
    }
    let adValues = schema.adFields.map { field in
      Set((catalog.column(field.name)?.values ?? []).compactMap { field.canonicalValue($0) }).sorted()
    }
    for template in templates(schema, adValues) {
      let lists = template.context.map { contextValues[$0] } + template.ad.map { adValues[$0] }
      for values in Self.combinations(lists) {
        try weights.add(template, values: values, weight: generator.nextNormal() * weightDeviation)
      }
    }
    return try Model(id: rawValue, created: 0, bias: bias, weights: weights)
  }

  private var weightDeviation: Double { self == .looseBounds ? 4 : 0.4 }

  private var bias: Double { self == .looseBounds ? 3 : -4 }

  private func templates(_ schema: Schema, _ adValues: [[String]]) -> [FeatureTemplate] {
    switch self {
    case .additive: return schema.templates.filter { $0.context.isEmpty || $0.ad.isEmpty }
    case .manyValues:
      guard !schema.contextFields.isEmpty else { return schema.templates }
      let many = adValues.indices.filter { adValues[$0].count > Self.byteValueCount }
      let crosses = many.map { FeatureTemplate(context: [0], ad: [$0]) }
      return schema.templates + crosses.filter { !schema.templates.contains($0) }
    default: return schema.templates
    }
  }

  private static func combinations(_ lists: [[String]]) -> [[String]] {
    lists.reduce([[]]) { partial, values in
      Array(partial.lazy.flatMap { head in values.lazy.map { head + [$0] } }.prefix(combinationCountMax))
    }
  }
}
