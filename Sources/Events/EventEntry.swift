import Foundation
import GRDB

/// A row of the log: an event, encoded, with the key that its duplicates share.
struct EventEntry: Sendable {
  let kind: EventKind
  let received: Milliseconds
  let time: Milliseconds
  let payload: Data
  /// 128 bits made of (decision, slot, kind) and whether the event counts, for conversions also of the conversion id;
  /// `nil` for events that have no duplicates. Two different events share a key with a probability of 2⁻⁶⁴ or less.
  let key: UInt128?

  /// Memory that it takes in the queue.
  var byteCount: Int { payload.count + MemoryLayout<EventEntry>.stride }

  init(_ event: Event) {
    let encoded = event.encoded()
    kind = event.kind
    received = event.received
    time = event.time
    payload = Data(encoded)
    key = encoded.withUnsafeBytes { try? Self.key(kind: event.kind, encoded: $0) }
  }

  /// What the log keeps in the place of this event when it has an equal one; `nil` when that can't be told.
  func copyNote() -> EventEntry? {
    let event = payload.withUnsafeBytes {
      try? Event(kind: kind, time: time, received: received, encoded: $0)
    }
    return event.flatMap(EventCopy.init).map { EventEntry($0.event(time: time, received: received)) }
  }

  /// The key of an encoded event, read from its first bytes only.
  static func key(kind: EventKind, encoded: UnsafeRawBufferPointer) throws(DamagedBytes) -> UInt128? {
    guard kind.isAboutServedAd else { return nil }
    var reader = ByteReader(encoded)
    _ = try reader.byte()
    let flags = try reader.byte()
    if flags & 2 != 0 { _ = try reader.double() }
    let conversionID = flags & 4 != 0 ? try reader.text() : ""
    if flags & 16 != 0 { _ = try reader.byte() }
    _ = try reader.byte()
    let (high, low) = (try reader.word(), try reader.word())
    var tag = UInt64(kind.rawValue) << 8 | UInt64(try reader.byte())
    if flags & 16 != 0 { tag |= 1 << 16 }
    if kind == .conversion {
      for byte in conversionID.utf8 { tag = (tag ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }
    tag = (tag ^ tag >> 31) &* 0xBF58_476D_1CE4_E5B9
    return UInt128(high ^ tag) << 64 | UInt128(low ^ (tag ^ tag >> 29) &* 0x94D0_49BB_1331_11EB)
  }
}
