/// One thing that happened, as the log keeps it.
public struct Event: Sendable, Equatable {
  public var kind: EventKind
  /// The ad it is about: of impressions, clicks, conversions and history.
  public var served: ServedAd?
  /// When it happened, as told by whoever saw it.
  public var time: Milliseconds
  /// When it reached the system.
  public var received: Milliseconds
  /// Worth of a conversion, in currency units.
  public var value: Double?
  /// The sender's name of a conversion: one token may convert more than once, each name counts once.
  public var conversionID: String?
  /// Label of a history row.
  public var clicked: Bool
  /// Why it never counts, `nil` for an event that does.
  public var invalidReason: InvalidReason?
  /// JSON of the kinds that aren't about a served ad.
  public var payload: [UInt8]

  public init(
    kind: EventKind, served: ServedAd? = nil, time: Milliseconds, received: Milliseconds,
    value: Double? = nil, conversionID: String? = nil, clicked: Bool = false,
    invalidReason: InvalidReason? = nil, payload: [UInt8] = []
  ) {
    self.kind = kind
    self.served = served
    self.time = time
    self.received = received
    self.value = value
    self.conversionID = conversionID
    self.clicked = clicked
    self.invalidReason = invalidReason
    self.payload = payload
  }
}
