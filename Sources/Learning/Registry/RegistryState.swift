import Events
import Foundation

/// The registry's events folded into what they say now. Events may be taken twice, and in any order.
struct RegistryState: Sendable {
  private(set) var records: [String: ModelRecord] = [:]
  /// Ascending by offset.
  private(set) var deployments: [Deployment] = []
  /// Highest offset taken from the store.
  var storeOffset: Int64 = 0
  private var offsets: [String: Int64] = [:]

  /// What a promotion event carries.
  struct Promotion: Codable {
    var model: String
    var action: Deployment.Action
    var reason: String
    var who: String
  }

  /// The model that serves, `nil` before the first promotion.
  var current: Deployment? { deployments.last }

  /// The deployment that was in force at `time`, `nil` before the first.
  func current(at time: Milliseconds) -> Deployment? { deployments.last { $0.time <= time } }

  /// Takes one event of kind model or promotion; others and unreadable payloads say nothing.
  mutating func take(_ kind: EventKind, payload: Data, offset: Int64, time: Milliseconds) {
    switch kind {
    case .model:
      guard let record = try? JSONDecoder().decode(ModelRecord.self, from: payload),
        offset > offsets[record.id] ?? 0
      else { return }
      offsets[record.id] = offset
      records[record.id] = record
    case .promotion:
      guard let promotion = try? JSONDecoder().decode(Promotion.self, from: payload) else { return }
      let place = deployments.lastIndex { $0.offset <= offset }
      guard place.map({ deployments[$0].offset }) != offset else { return }
      deployments.insert(
        Deployment(
          offset: offset, time: time, model: promotion.model, action: promotion.action, reason: promotion.reason,
          who: promotion.who),
        at: place.map { $0 + 1 } ?? 0)
    default: return
    }
  }
}
