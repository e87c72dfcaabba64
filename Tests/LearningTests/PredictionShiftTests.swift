import Events
import Features
import Foundation
import Ranking
import Statistics
import Testing

@testable import Learning

@Suite("Blame for a prediction shift")
struct PredictionShiftTests {
  private struct Row {
    var device: String?
    var category: String?
    var slot = 1
    var model = "a"

    var context: [String: String] { device.map { ["device": $0] } ?? [:] }
    var attributes: [String: String] { category.map { ["category": $0] } ?? [:] }
  }

  private static let schema = TestSystem.schema

  /// A model with weights for about two thirds of `count` values of every feature.
  private func model(_ id: String, values count: Int, _ generator: inout SeededGenerator) throws -> Model {
    var weights = ModelWeights(schema: Self.schema)
    let numbers = Array(0..<count)
    let keys: [(FeatureTemplate, [String])] = Self.schema.templates.flatMap { template in
      if template.ad.isEmpty { return numbers.map { (template, ["d\($0)"]) } }
      if template.context.isEmpty { return numbers.map { (template, ["c\($0)"]) } }
      return numbers.flatMap { first in numbers.map { (template, ["d\(first)", "c\($0)"]) } }
    }
    for (template, values) in keys where generator.nextUniform() < 0.67 {
      try weights.add(template, values: values, weight: generator.nextNormal())
    }
    return try Model(
      id: id, created: 0, bias: generator.nextNormal(), weights: weights, slots: [2: -0.5, 3: generator.nextNormal()],
      calibration: .platt(slope: 0.8, intercept: generator.nextNormal()))
  }

  private func rows(_ count: Int, values: Int, _ generator: inout SeededGenerator) -> [Row] {
    (0..<count).map { _ in
      // Values beyond the models' vocabulary, and missing ones.
      let device = Int.random(in: 0...values + 1, using: &generator)
      let category = Int.random(in: 0...values + 1, using: &generator)
      return Row(
        device: device == values ? nil : "d\(device)", category: category == values ? nil : "c\(category)",
        slot: Int.random(in: 1...4, using: &generator), model: Bool.random(using: &generator) ? "a" : "b")
    }
  }

  private func window(_ before: Model, _ after: Model, _ rows: [Row]) -> ShiftWindow {
    ShiftWindow(before: before, after: after) { add in
      for row in rows { add(row.context, row.attributes, row.slot, row.model) }
    }
  }

  private func mean(_ model: Model, _ rows: [Row], _ value: (Model, Row) -> Double) -> Double {
    rows.reduce(0) { $0 + value(model, $1) } / Double(rows.count)
  }

  @Test("the features' parts add up to the change of the mean logit, and the mean probability's to its change")
  func isExact() throws {
    for seed in UInt64(1)...20 {
      var generator = SeededGenerator(seed: seed)
      let values = Int.random(in: 1...6, using: &generator)
      let (a, b) = (try model("a", values: values, &generator), try model("b", values: values, &generator))
      let old = rows(Int.random(in: 1...300, using: &generator), values: values, &generator)
      let new = rows(Int.random(in: 1...300, using: &generator), values: values, &generator)
      let shift = try PredictionShift(from: window(a, b, old), to: window(a, b, new), valueCountMax: 2)
      let logit = { (model: Model, row: Row) in
        model.logit(context: row.context, attributes: row.attributes, slot: row.slot)
      }
      let change = mean(b, new, logit) - mean(a, old, logit)
      let sum = shift.features.reduce(0) { $0 + $1.split.data + $1.split.weights }
      #expect(abs(sum - change) < 1e-9, "seed \(seed)")
      #expect(abs(shift.logit.split.change - change) < 1e-9 && abs(shift.remainder) < 1e-9, "seed \(seed)")
      let data = shift.features.reduce(0) { $0 + $1.split.data }
      #expect(abs(data - shift.logit.split.data) < 1e-9, "seed \(seed)")
      let probability = { (model: Model, row: Row) in
        model.probability(context: row.context, attributes: row.attributes, slot: row.slot)
      }
      let rise = mean(b, new, probability) - mean(a, old, probability)
      #expect(abs(shift.probability.split.change - rise) < 1e-12, "seed \(seed)")
      for feature in shift.features {
        let listed = feature.values.reduce(into: feature.other) { $0.add($1.split) }
        #expect(abs(listed.data - feature.split.data) < 1e-12, "seed \(seed) \(feature.name)")
        #expect(abs(listed.weights - feature.split.weights) < 1e-12, "seed \(seed) \(feature.name)")
        #expect(feature.values.count <= 2, "seed \(seed) \(feature.name)")
      }
    }
  }

  @Test("one model on two windows blames only data, two models on one window only weights")
  func blamesOneSide() throws {
    for seed in UInt64(1)...10 {
      var generator = SeededGenerator(seed: seed)
      let (a, b) = (try model("a", values: 4, &generator), try model("b", values: 4, &generator))
      let (old, new) = (rows(100, values: 4, &generator), rows(150, values: 4, &generator))
      let moved = try PredictionShift(from: window(a, a, old), to: window(a, a, new))
      #expect(moved.features.allSatisfy { $0.split.weights == 0 } && moved.logit.split.weights == 0, "seed \(seed)")
      let learnt = try PredictionShift(from: window(a, b, old), to: window(a, b, old))
      #expect(learnt.features.allSatisfy { $0.split.data == 0 } && learnt.logit.split.data == 0, "seed \(seed)")
      let same = try PredictionShift(from: window(a, a, old), to: window(a, a, old))
      #expect(same.features.allSatisfy { $0.split == ShiftSplit() && $0.values.isEmpty }, "seed \(seed)")
    }
  }

  @Test("a value that no model has seen moves nothing itself: what it displaced is to blame")
  func unseenValues() throws {
    var weights = ModelWeights(schema: Self.schema)
    try weights.add(FeatureTemplate(context: [0], ad: []), values: ["mobile"], weight: 2)
    let model = try Model(id: "a", created: 0, bias: -3, weights: weights)
    let old = window(model, model, Array(repeating: Row(device: "mobile", category: nil), count: 4))
    let new = window(model, model, (0..<4).map { Row(device: $0 == 0 ? "mobile" : "fridge", category: nil) })
    let shift = try PredictionShift(from: old, to: new)
    let device = try #require(shift.features.first)
    #expect(device.name == "device" && device.split.data == -1.5 && device.split.weights == 0)
    #expect(device.values.map(\.value) == ["mobile"] && device.shareBefore == 1 && device.shareAfter == 0.25)
    #expect(shift.logit.before == -1 && shift.logit.after == -2.5 && shift.remainder == 0)
    #expect(shift.servedShareBefore == 1)
  }

  @Test("examples of probability 0 are left out and counted, and an empty window is an error in words")
  func edges() throws {
    var weights = ModelWeights(schema: Self.schema)
    try weights.add(FeatureTemplate(context: [], ad: [0]), values: ["banned"], weight: -.infinity)
    let model = try Model(id: "a", created: 0, bias: -3, weights: weights)
    let rows = [Row(device: nil, category: "banned"), Row(device: nil, category: "shoes")]
    let shift = try PredictionShift(from: window(model, model, rows), to: window(model, model, rows))
    #expect(shift.excludedCountBefore == 1 && shift.exampleCountBefore == 1 && shift.logit.after == -3)
    let error = #expect(throws: LearningError.self) {
      _ = try PredictionShift(from: window(model, model, rows), to: window(model, model, []))
    }
    #expect(error?.code == .noExamples && error?.description.contains("the window after") == true)
  }

  @Test("the live impressions of a period are read in pieces, none twice, history and others not at all")
  func readsPeriods() throws {
    let system = try TestSystem()
    let count = 8000
    for piece in 0..<50 {
      let events = (0..<count / 50).map { index in
        let served = system.served(piece * 1000 + index, traffic: index == 0 ? .dryRun : .live)
        return Event(kind: .impression, served: served, time: served.time, received: served.time)
      }
      try system.log.append(events)
      // Many in one millisecond, so that a piece ends in the midst of one.
      if piece.isMultiple(of: 10) { system.time.advance(seconds: 1) }
    }
    try system.joiner.catchUp()
    let start: Milliseconds = 1_800_000_000_000
    var seen = 0
    try system.store.forEachImpression(in: start..<start + 4_000) { impression in
      seen += 1
      #expect(impression.context == ["device": "mobile"] && impression.model == "prior")
    }
    // Times 0 s: 1 piece; 1 s, 2 s and 3 s: 10 each; all with one dry run; later ones lie beyond the period.
    #expect(seen == 31 * (count / 50 - 1))
  }
}
