import Features
import Foundation
import GRDB
import Ranking
import Testing

@testable import Learning

@Suite("Model registry")
struct ModelRegistryTests {
  @Test("a new system gets one prior model, which predicts 2 % for everything")
  func startsWithThePrior() throws {
    let system = try TestSystem()
    for _ in 0..<2 { try system.registry.ensureModel() }
    #expect(system.registry.current?.model == "prior")
    #expect(system.registry.history.count == 1)
    let model = try system.registry.model("current")
    #expect(abs(model.probability(context: ["device": "tv"], attributes: [:], slot: 2) - 0.02) < 1e-7)
  }

  @Test("models are registered, promoted, rolled back, exported and imported")
  func livesItsLife() throws {
    let system = try TestSystem()
    let registry = system.registry
    try registry.ensureModel()
    for (id, bias) in [("a", -1.0), ("b", -2.0)] as [(String, Double)] {
      system.time.advance(seconds: 10)
      try registry.register(try model(id, bias: bias))
      #expect(try registry.record(id).state == .candidate)
      try registry.promote(id, reason: "better", who: "ann")
    }
    #expect(registry.list().map(\.id) == ["prior", "a", "b"])
    #expect(registry.list().map(\.state) == [.retired, .retired, .live])
    #expect(registry.current(at: system.time.now() - 1)?.model == "a")
    #expect(registry.current(at: 0) == nil)
    #expect(try registry.rollback(reason: "worse", who: "bob") == "a")
    #expect(try registry.rollback(reason: "worse still", who: "bob") == "prior")
    #expect(throws: LearningError.self) { try registry.rollback(reason: "", who: "bob") }
    #expect(registry.history.map(\.action) == [.promoted, .promoted, .promoted, .rolledBack, .rolledBack])
    let exported = try registry.data("b")
    let other = try TestSystem()
    try other.registry.importModel(exported)
    #expect(try other.registry.data("b") == exported)
  }

  @Test("another process sees the same after the join, and the views show it")
  func isSharedThroughTheLog() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    try system.registry.register(try model("a", bias: -1), reason: "because")
    try system.registry.promote("a", reason: "better", who: "ann")
    try system.joiner.catchUp()
    let other = try ModelRegistry(
      directory: system.directory, schema: system.schema, log: system.log, store: system.store)
    #expect(other.current == system.registry.current)
    #expect(other.list() == system.registry.list())
    try system.registry.refresh()
    #expect(other.history == system.registry.history)
    let states = try system.store.reader.read { db in
      try String.fetchAll(db, sql: "SELECT id || ' ' || state FROM models ORDER BY id")
    }
    #expect(states == ["a live", "prior retired"])
  }

  @Test("killed after the file and before the event, registering again completes it")
  func survivesAKillBetweenSteps() throws {
    let system = try TestSystem()
    let candidate = try model("a", bias: -1)
    try DurableFile.write(ModelFile.encode(candidate), to: system.registry.file("a"))
    #expect(throws: LearningError.self) { try system.registry.record("a") }
    try system.registry.register(candidate)
    try system.registry.register(candidate)
    #expect(system.registry.list().map(\.id) == ["a"])
    #expect(try system.registry.model("a") == candidate)
  }

  @Test("a damaged file is named and never served")
  func namesDamage() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    try system.registry.register(try model("a", bias: -1))
    let file = system.registry.file("a")
    var data = try Data(contentsOf: file)
    data[data.count / 2] ^= 1
    try data.write(to: file)
    #expect { try system.registry.promote("a", reason: "", who: "ann") } throws: { error in
      (error as? LearningError)?.code == .damagedFile && "\(error)".contains("a.json")
    }
    #expect(system.registry.current?.model == "prior")
  }

  @Test("an id belongs to one model, and must be a file's name")
  func checksIDs() throws {
    let system = try TestSystem()
    try system.registry.register(try model("a", bias: -1))
    #expect { try system.registry.register(try model("a", bias: -2)) } throws: {
      ($0 as? LearningError)?.code == .duplicateModel
    }
    for id in ["../a", ".a", "current", "a b"] {
      #expect(throws: LearningError.self) { try system.registry.register(try model(id, bias: -1)) }
    }
    #expect(system.registry.list().count == 1)
  }

  @Test("beyond its limit the registry forgets the oldest that don't serve")
  func isBounded() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    for number in 0..<ModelRegistry.modelCountMax + 2 {
      try system.registry.register(try model("m\(number)", bias: -1, created: Int64(number)))
    }
    let ids = Set(system.registry.list().map(\.id))
    #expect(ids.count == ModelRegistry.modelCountMax)
    #expect(ids.contains("prior") && !ids.contains("m2") && ids.contains("m3"))
    #expect(!FileManager.default.fileExists(atPath: system.registry.file("m2").path))
  }

  private func model(_ id: String, bias: Double, created: Int64 = 1_900_000_000_000) throws -> Model {
    try Model(id: id, created: created, bias: bias, weights: ModelWeights(schema: TestSystem.schema))
  }
}
