import Features
import Foundation
import Statistics
import Testing

@testable import Learning

@Suite("Checkpoint of the online learner")
struct CheckpointTests {
  @Test("stopping and going on gives the same bits as going on without a stop", arguments: 1...3)
  func resumesBitForBit(seed: UInt64) throws {
    let examples = Self.examples(count: 2000, seed: seed)
    var straight = try OnlineLearner(schema: TestSystem.schema, settings: FTRLSettings())
    var stopped = straight
    for (number, example) in examples.enumerated() {
      try straight.learn(example)
      straight.skip(to: example.id)
      try stopped.learn(example)
      stopped.skip(to: example.id)
      if number % 500 == 250 {
        stopped = try Checkpoint.decode(try Checkpoint.encode(stopped), schema: TestSystem.schema)
      }
    }
    #expect(stopped.ftrl == straight.ftrl, "seed \(seed)")
    #expect(stopped.recent == straight.recent)
    #expect(stopped.window == straight.window)
    #expect(stopped.cursor == straight.cursor)
    #expect(try Checkpoint.encode(stopped) == Checkpoint.encode(straight))
  }

  @Test("a state with one flipped bit, cut short or lengthened is refused")
  func refusesDamage() throws {
    var learner = try OnlineLearner(schema: TestSystem.schema, settings: FTRLSettings())
    for example in Self.examples(count: 50, seed: 1) { try learner.learn(example) }
    let whole = try Checkpoint.encode(learner)
    var generator = SeededGenerator(seed: 9)
    var damaged = (0..<50).map { _ in
      var copy = whole
      copy[Int.random(in: 0..<copy.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      return copy
    }
    damaged += [Data(), whole.dropLast(), whole + [0]]
    for data in damaged {
      #expect { try Checkpoint.decode(data, schema: TestSystem.schema) } throws: {
        ($0 as? LearningError)?.code == .damagedFile
      }
    }
  }

  @Test("a state of another features file is refused as such")
  func refusesAnotherSchema() throws {
    let learner = try OnlineLearner(schema: TestSystem.schema, settings: FTRLSettings())
    let data = try Checkpoint.encode(learner)
    let other = try Schema(yaml: Data("context: [{name: page}]".utf8))
    #expect { try Checkpoint.decode(data, schema: other) } throws: {
      ($0 as? LearningError)?.code == .otherSchema
    }
  }

  static func examples(count: Int, seed: UInt64) -> [Example] {
    var generator = SeededGenerator(seed: seed)
    return (1...count).map { number in
      let device = Int.random(in: 0..<6, using: &generator)
      let category = Int.random(in: 0..<30, using: &generator)
      return Example(
        id: Int64(number), context: ["device": "d\(device)"], attributes: ["category": "c\(category)"],
        slot: Int.random(in: 1...3, using: &generator),
        label: generator.nextUniform() < (device == category % 6 ? 0.4 : 0.1))
    }
  }
}
