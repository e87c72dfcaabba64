import Events
import Features
import Foundation
import Synchronization

@testable import Learning

/// Log, store, join and registry in a folder of their own, with a clock that stands until it is moved.
final class TestSystem: Sendable {
  let directory: URL
  let schema: Schema
  let log: EventLog
  let store: Store
  let joiner: Joiner
  let registry: ModelRegistry
  let time: TestTime

  init(schema: Schema = TestSystem.schema, directory: URL? = nil, time: TestTime = TestTime()) throws {
    self.schema = schema
    self.time = time
    self.directory =
      directory ?? FileManager.default.temporaryDirectory.appendingPathComponent("learning-\(UUID().uuidString)")
    log = try EventLog(directory: self.directory)
    store = try Store(directory: self.directory)
    joiner = Joiner(log: log, store: store, clock: time.now)
    registry = try ModelRegistry(directory: self.directory, schema: schema, log: log, store: store, clock: time.now)
  }

  func close() {
    try? log.close()
    try? store.close()
  }

  deinit {
    close()
    try? FileManager.default.removeItem(at: directory)
  }

  func trainer(_ configuration: TrainerConfiguration = .init()) throws -> Trainer {
    try Trainer(
      directory: directory, schema: schema, configuration: configuration, joiner: joiner, store: store,
      registry: registry, clock: time.now)
  }

  /// An ad of category `category` shown to a device, and clicked or not.
  func served(
    _ number: Int, device: String = "mobile", category: String = "shoes", slot: Int = 1, traffic: Traffic = .live
  ) -> ServedAd {
    ServedAd(
      decision: DecisionID(time: time.now(), random: UInt128(number)), slot: slot, time: time.now(), user: "u\(number)",
      context: ["device": device], ad: "ad-\(category)", attributes: ["category": category], model: "prior", ctr: 0.02,
      bid: 1, price: 1, traffic: traffic)
  }

  /// Appends history rows with a label each.
  func importHistory(_ rows: [(served: ServedAd, clicked: Bool)]) throws {
    try log.append(
      rows.map {
        var served = $0.served
        served.traffic = .history
        return Event(
          kind: .history, served: served, time: served.time, received: time.now(), clicked: $0.clicked)
      })
  }

  static let schema = try! Schema(
    yaml: Data(
      """
      context: [{name: device}]
      ad: [{name: category}]
      crosses: [[device, category]]
      slots: 3
      """.utf8))
}

/// A clock that is moved by hand.
final class TestTime: Sendable {
  private let milliseconds = Atomic<Int64>(1_800_000_000_000)

  var now: @Sendable () -> Milliseconds {
    { self.milliseconds.load(ordering: .relaxed) }
  }

  func advance(seconds: Int64) {
    milliseconds.add(seconds * 1000, ordering: .relaxed)
  }
}

extension Example {
  init(id: Int64, context: [String: String], attributes: [String: String], slot: Int = 1, label: Bool) {
    self.init(
      id: id, time: id * 1000, contextText: JSONText.encode(context), attributesText: JSONText.encode(attributes),
      slot: slot, label: label, ctr: 0, bid: 1, price: 1, propensity: 1, model: "prior", traffic: .live)
  }
}
