import Features
import Foundation
import Ranking
import Testing

@testable import Learning

@Suite("Feature index and encoder")
struct EncodingTests {
  @Test("texts and raw values give the same coordinates, again and again")
  func encodesAlike() {
    var encoder = ExampleEncoder(index: FeatureIndex(schema: TestSystem.schema))
    let (context, attributes) = (["device": "tv \"4k\"", "other": "x"], ["category": "shoes"])
    let first = encode(&encoder, context, attributes, slot: 2)
    #expect(first.count == 5)
    for _ in 0..<2 {
      var coordinates: [UInt32] = []
      encoder.encode(
        contextText: JSONText.encode(context), attributesText: JSONText.encode(attributes), slot: 2, into: &coordinates)
      #expect(coordinates == first)
    }
  }

  @Test("slot 1 has no coordinate, a missing value makes no feature and no cross")
  func leavesOut() {
    var encoder = ExampleEncoder(index: FeatureIndex(schema: TestSystem.schema))
    #expect(encode(&encoder, ["device": "tv"], ["category": "shoes"], slot: 1).count == 4)
    #expect(encode(&encoder, [:], ["category": "shoes"], slot: 1).count == 2)
    #expect(encode(&encoder, ["device": ""], [:], slot: 3) == [0, 2])
    #expect(encode(&encoder, [:], [:], slot: 4) == [0])
  }

  @Test("a thousand values and their crosses get coordinates of their own")
  func neverCollides() {
    var encoder = ExampleEncoder(index: FeatureIndex(schema: TestSystem.schema))
    var seen: [[UInt32]: Int] = [:]
    for number in 0..<1000 {
      seen[encode(&encoder, ["device": "d\(number % 40)"], ["category": "c\(number / 40)"], slot: 1)] = number
    }
    #expect(seen.count == 1000)
    #expect(encoder.index.count == 3 + 40 + 25 + 1000)
    #expect(encoder.index.isConsistent)
  }

  @Test("a full index leaves features out and counts them")
  func isBounded() {
    var encoder = ExampleEncoder(index: FeatureIndex(schema: TestSystem.schema, coordinateCountMax: 6))
    #expect(encode(&encoder, ["device": "a"], ["category": "x"], slot: 1) == [0, 3, 4, 5])
    #expect(encode(&encoder, ["device": "b"], ["category": "x"], slot: 1) == [0, 4])
    #expect(encoder.index.rejectedFeatureCount == 2)
  }

  @Test("an exported model predicts what the learner predicts, and leaves weights of 0 out")
  func exportsExactly() throws {
    var learner = try OnlineLearner(schema: TestSystem.schema, settings: FTRLSettings())
    for id in 1...500 {
      let label = id % 7 == 0
      try learner.learn(
        Example(
          id: Int64(id), context: ["device": "d\(id % 3)"], attributes: ["category": "c\(id % 5)"], slot: 1 + id % 3,
          label: label))
    }
    let model = try learner.model(id: "m", created: 0, calibration: .identity, lineage: Lineage(origin: .refit))
    for slot in 1...3 {
      let (context, attributes) = (["device": "d1"], ["category": "c2"])
      let expected = learner.evaluate(
        Example(id: 0, context: context, attributes: attributes, slot: slot, label: false))
      #expect(abs(model.probability(context: context, attributes: attributes, slot: slot) - expected) < 1e-6)
    }
    #expect(model.weightCount == 3 + 5 + 15)
    _ = learner.evaluate(Example(id: 0, context: ["device": "new"], attributes: ["category": "new"], label: false))
    let again = try learner.model(id: "m", created: 0, calibration: .identity, lineage: Lineage(origin: .refit))
    #expect(again == model)
  }

  private func encode(
    _ encoder: inout ExampleEncoder, _ context: [String: String], _ attributes: [String: String], slot: Int
  ) -> [UInt32] {
    var coordinates: [UInt32] = []
    encoder.encode(context: context, attributes: attributes, slot: slot, into: &coordinates)
    return coordinates
  }
}
