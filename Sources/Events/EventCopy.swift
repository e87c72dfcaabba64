import Foundation

/// One more copy of an event that the log already has: what is kept of it, as JSON in an event of kind
/// ``EventKind/duplicate``. It names the first copy and has none of its content.
public struct EventCopy: Codable, Sendable, Equatable {
  /// ``EventKind/label`` of the event.
  public var kind: String
  /// ``DecisionID`` in hexadecimal digits.
  public var decision: String
  public var slot: Int
  /// The sender's name of a conversion.
  public var id: String?
  public var traffic: Traffic

  /// The copy that `event` is; `nil` for events that aren't about a served ad.
  public init?(_ event: Event) {
    guard let served = event.served else { return nil }
    kind = event.kind.label
    decision = served.decision.description
    slot = served.slot
    id = event.kind == .conversion ? event.conversionID : nil
    traffic = served.traffic
  }

  /// Reads the payload of a duplicate event.
  ///
  /// - throws: a `DecodingError` when it was made by something else.
  public init(payload: [UInt8]) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(payload))
  }

  /// The event that the log keeps.
  func event(time: Milliseconds, received: Milliseconds) -> Event {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return Event(
      kind: .duplicate, time: time, received: received,
      payload: (try? encoder.encode(self)).map(Array.init) ?? [])
  }
}
