import Catalog
import Events
import Features
import Foundation
import Ranking
import Statistics

/// A random catalog, model and request, small and full of special cases; the same seed gives the same world.
struct World {
  let schema: Schema
  let model: Model
  let catalog: CatalogSnapshot
  private let valueCounts: [Int]
  private var generator: SeededGenerator

  init(seed: UInt64, adCount: Int? = nil, valueCountMax: Int = 12) throws {
    var generator = SeededGenerator(seed: seed)
    valueCounts = (0..<7).map { _ in Int.random(in: 1...valueCountMax, using: &generator) }
    schema = try Self.schema()
    model = try Self.model(schema, valueCounts, &generator)
    let adCount =
      adCount ?? [0, 1, 2, 63, 64, 65, 150, Int.random(in: 3...500, using: &generator)].randomElement(
        using: &generator)!
    catalog = try Self.catalog(adCount, valueCounts, &generator)
    self.generator = generator
  }

  /// Another random request.
  mutating func request() -> RankRequest {
    var context: [String: String] = [:]
    for field in 0..<3 where generator.nextUniform() < 0.9 {
      context["c\(field)"] = "v\(Int.random(in: 0...valueCounts[field], using: &generator))"
    }
    if generator.nextUniform() < 0.8 { context["hour"] = "\(Int.random(in: 0..<24, using: &generator))" }
    var excluded = Set<String>()
    while generator.nextUniform() < 0.4 {
      excluded.insert(Self.id(Int.random(in: 0...max(catalog.count, 1), using: &generator)))
    }
    return RankRequest(
      context: context, slotCount: [0, 1, 2, 2, 2, 3, 20, 1000].randomElement(using: &generator)!, excluded: excluded,
      objective: Bool.random(using: &generator) ? .revenue : .ctr,
      reservePrice: generator.nextUniform() < 0.2 ? 1 : 0,
      time: Milliseconds.random(in: 0..<30 * 86_400_000, using: &generator), seed: generator.next())
  }

  static func schema() throws -> Schema {
    let buckets = [
      Field.Bucket(label: "night", below: 6), Field.Bucket(label: "day", below: 18),
      Field.Bucket(label: "evening", below: nil),
    ]
    return try Schema(
      contextFields: (0..<3).map { try Field(name: "c\($0)") } + [Field(name: "hour", buckets: buckets)],
      adFields: (0..<3).map { try Field(name: "a\($0)") } + [
        Field(
          name: "size",
          buckets: [
            Field.Bucket(label: "small", below: 3), Field.Bucket(label: "large", below: nil),
          ])
      ],
      crosses: [["c0", "a0"], ["c1", "a1"]], slotCountMax: 3, sha256: "test")
  }

  private static func id(_ number: Int) -> String { "ad-\(number)" }

  /// A weight of one of several characters: ordinary, equal to others, tiny, huge, or never.
  private static func weight(_ character: Int, _ generator: inout SeededGenerator) -> Double {
    switch character {
    case 0: return generator.nextNormal()
    case 1: return Double(Int.random(in: -2...2, using: &generator))
    case 2: return generator.nextNormal() * 1e-6
    case 3: return generator.nextNormal() * 1e5
    case 4: return generator.nextUniform() < 0.3 ? -.infinity : generator.nextNormal()
    case 5: return generator.nextNormal() * 30
    default: return 0
    }
  }

  private static func model(
    _ schema: Schema, _ valueCounts: [Int], _ generator: inout SeededGenerator
  ) throws -> Model {
    var weights = ModelWeights(schema: schema)
    let character = Int.random(in: 0...6, using: &generator)
    let templates = [
      ([], []), ([0], []), ([3], []), ([], [0]), ([], [3]), ([], [1, 2]), ([0], [0]), ([1], [0]), ([0, 1], [0]),
      ([1], [1]), ([3], [1]),
      ([2], [2]), ([0], [1, 2]), ([3], [3]), ([0, 2, 3], [0, 1]),
    ].map { FeatureTemplate(context: $0.0, ad: $0.1) }
    for template in templates where generator.nextUniform() < 0.6 {
      let density = generator.nextUniform()
      for values in combinations(template, valueCounts) where generator.nextUniform() < density {
        let weight = weight(generator.nextUniform() < 0.05 ? 4 : character, &generator)
        try weights.add(template, values: values, weight: min(max(weight, -.infinity), 0x1p20))
      }
    }
    let slots = generator.nextUniform() < 0.5 ? [2: -0.5, 3: -0.75] : [1: 0.25, 2: -0.5]
    return try Model(
      id: "m", created: 0, bias: [0, -3, -800, 30].randomElement(using: &generator)!, weights: weights, slots: slots,
      calibration: calibration(&generator))
  }

  /// At most 400 value combinations of a template's fields.
  private static func combinations(_ template: FeatureTemplate, _ valueCounts: [Int]) -> [[String]] {
    let lists: [[String]] =
      template.context.map { $0 == 3 ? ["night", "day", "evening"] : (0..<valueCounts[$0]).map { "v\($0)" } }
      + template.ad.map { $0 == 3 ? ["small", "large"] : (0..<valueCounts[3 + $0]).map { "v\($0)" } }
    let all = lists.reduce([[]]) { partial, values in
      Array(partial.lazy.flatMap { head in values.lazy.map { head + [$0] } }.prefix(400))
    }
    return all
  }

  static func calibration(_ generator: inout SeededGenerator) -> Calibration {
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: return .platt(slope: exp(generator.nextNormal()), intercept: generator.nextNormal())
    case 1:
      return .isotonic([
        Calibration.Point(x: 0.01, y: 0.01), Calibration.Point(x: 0.03, y: 0.04), Calibration.Point(x: 0.4, y: 0.04),
        Calibration.Point(x: 0.6, y: 0.5),
      ])
    case 2:
      return .isotonic([
        Calibration.Point(x: 0.2, y: 0), Calibration.Point(x: 0.5, y: 0.7), Calibration.Point(x: 0.8, y: 1),
      ])
    default: return .identity
    }
  }

  private static func catalog(
    _ adCount: Int, _ valueCounts: [Int], _ generator: inout SeededGenerator
  ) throws -> CatalogSnapshot {
    var builder = CatalogBuilder()
    let bidCharacter = Int.random(in: 0..<4, using: &generator)
    let targetedShare = [0, 0.3, 1].randomElement(using: &generator)!
    for number in 0..<adCount {
      var attributes: [String: String] = [:]
      for field in 0..<3 where generator.nextUniform() < 0.95 {
        attributes["a\(field)"] = "v\(Int.random(in: 0...valueCounts[3 + field], using: &generator))"
      }
      attributes["size"] = "\(Int.random(in: 0...5, using: &generator))"
      var targeting = Targeting()
      if generator.nextUniform() < targetedShare {
        for field in 0..<3 where generator.nextUniform() < 0.4 {
          targeting["c\(field)"] = (0...valueCounts[field]).filter { _ in generator.nextUniform() < 0.6 }.map {
            "v\($0)"
          }
          if targeting["c\(field)"]!.isEmpty { targeting["c\(field)"] = ["v0"] }
          if generator.nextUniform() < 0.3 { targeting.forbidden["c\(field)"] = ["v0", "v2"] }
        }
      }
      if generator.nextUniform() < targetedShare / 4 {
        targeting.schedule = [
          try TimeWindow(
            days: UInt8.random(in: 1...127, using: &generator), start: 60 * Int.random(in: 0..<12, using: &generator),
            end: 60 * Int.random(in: 12...24, using: &generator), zone: "America/New_York")
        ]
      }
      try builder.add(
        Ad(
          id: id(number), bid: bid(bidCharacter, &generator), status: generator.nextUniform() < 0.1 ? .paused : .active,
          attributes: attributes, targeting: targeting))
    }
    return builder.build()
  }

  private static func bid(_ character: Int, _ generator: inout SeededGenerator) -> Double {
    switch character {
    case 0: return generator.nextLogNormal(logMean: 0, logDeviation: 1)
    case 1: return Double(Int.random(in: 0...2, using: &generator))
    case 2: return 0
    default: return exp(min(max(generator.nextNormal() * 300, -740), 700))
    }
  }
}
