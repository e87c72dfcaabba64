import Features
import Foundation
import Ranking
import Statistics
import Testing

@Suite("A model")
struct ModelTests {
  @Test("adds exactly the weights whose fields all match")
  func logit() throws {
    let schema = try World.schema()
    var weights = ModelWeights(schema: schema)
    try weights.add(FeatureTemplate(context: [], ad: []), values: [], weight: 0.125)
    try weights.add(FeatureTemplate(context: [0], ad: []), values: ["x"], weight: 1)
    try weights.add(FeatureTemplate(context: [3], ad: []), values: ["night"], weight: 2)
    try weights.add(FeatureTemplate(context: [0, 3], ad: [1]), values: ["x", "night", "y"], weight: 4)
    try weights.add(FeatureTemplate(context: [0], ad: [1]), values: ["other", "y"], weight: 8)
    let model = try Model(id: "m", created: 0, bias: -16, weights: weights, slots: [2: 0.5])
    #expect(model.logit(context: ["c0": "x", "hour": "3"], attributes: ["a1": "y"], slot: 1) == -8.875)
    #expect(model.logit(context: ["c0": "x", "hour": "7"], attributes: ["a1": "y"], slot: 2) == -14.375)
    #expect(model.logit(context: [:], attributes: [:], slot: 9) == -15.875)
    #expect(model.contributions(context: ["c0": "other"], attributes: ["a1": "y"]).map(\.weight) == [0.125, 8])
  }

  @Test("keeps its numbers on a grid, so that their sum doesn't depend on the order, and hardly differs from theirs")
  func grid() throws {
    for seed in 0..<20 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let size = [1e-9, 0.3, 40, 1e5].randomElement(using: &generator)!
      var weights = ModelWeights(schema: try World.schema())
      let given = (0..<6).map { _ in generator.nextNormal() * size }
      for (index, weight) in given.enumerated() {
        try weights.add(
          FeatureTemplate(context: Array((0..<3).prefix(index % 3)), ad: Array((0..<3).prefix(index / 3))),
          values: Array(repeating: "v", count: index % 3 + index / 3), weight: weight)
      }
      let model = try Model(id: "m", created: 0, bias: -3.1, weights: weights, slots: [1: 0.7])
      let terms = model.contributions(context: ["c0": "v", "c1": "v"], attributes: ["a0": "v"]).map(\.weight)
      let logit = model.logit(context: ["c0": "v", "c1": "v"], attributes: ["a0": "v"], slot: 1)
      for _ in 0..<5 {
        let sum = (terms + [model.bias, model.slots[1]!]).shuffled(using: &generator).reduce(0, +)
        #expect(sum == logit, "seed \(seed)")
      }
      #expect(terms.count == 6)
      #expect(abs(given.reduce(-2.4, +) - logit) < 1e-14 * (10 + 10 * size), "seed \(seed)")
      #expect(try ModelFile.decode(ModelFile.encode(model), schema: World.schema()) == model, "seed \(seed)")
    }
  }

  @Test("refuses values that can't occur and weights beyond the range, and stays usable")
  func refusals() throws {
    var weights = ModelWeights(schema: try World.schema())
    let template = FeatureTemplate(context: [3], ad: [])
    #expect(throws: ModelError.self) { try weights.add(template, values: ["noon"], weight: 1) }
    #expect(throws: ModelError.self) { try weights.add(template, values: ["night"], weight: .nan) }
    #expect(throws: ModelError.self) { try weights.add(template, values: [], weight: 1) }
    #expect(weights.count == 0)
    try weights.add(template, values: ["night"], weight: 0x1p20)
    let model = try Model(id: "m", created: 0, bias: 0, weights: weights)
    #expect(model.logit(context: ["hour": "0"], attributes: [:], slot: 1) == 0x1p20)
  }

  @Test("calibration increases from 0 to 1 and is never NaN")
  func calibration() {
    let curves: [Calibration] = [
      .identity, .platt(slope: 2, intercept: -1), .isotonic([]),
      .isotonic([Calibration.Point(x: 0.1, y: 0.2), Calibration.Point(x: 0.5, y: 0.2), Calibration.Point(x: 0.9, y: 1)]
      ),
    ]
    for curve in curves {
      let values = [-Double.infinity] + stride(from: -800, through: 800, by: 0.37).map { $0 } + [.infinity]
      let probabilities = values.map { curve.probability(logit: $0) }
      #expect(probabilities.first == 0)
      #expect(probabilities.last == 1)
      #expect(zip(probabilities, probabilities.dropFirst()).allSatisfy { $0 <= $1 + 1e-15 })
    }
    let plateau = curves[3]
    #expect(abs(plateau.probability(logit: log(0.05 / 0.95)) - 0.1) < 1e-12)
    #expect(plateau.probability(logit: log(0.3 / 0.7)) == 0.2)
  }
}
