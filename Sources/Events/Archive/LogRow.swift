import Foundation

/// A row of the log as it is stored, whether this release can read its payload or not.
struct LogRow: Sendable, Equatable {
  let offset: Int64
  let kind: Int64
  let received: Milliseconds
  let time: Milliseconds
  let payload: Data

  /// The event of the row; of kind ``EventKind/unreadable``, with the row's payload, when it can't be read.
  var event: Event {
    if let kind = UInt8(exactly: kind).flatMap(EventKind.init(rawValue:)) {
      let event = payload.withUnsafeBytes {
        try? Event(kind: kind, time: time, received: received, encoded: $0)
      }
      if let event { return event }
    }
    return Event(kind: .unreadable, time: time, received: received, payload: Array(payload))
  }

  /// The row of an event.
  init(offset: Int64, _ event: Event) {
    self.init(
      offset: offset, kind: Int64(event.kind.rawValue), received: event.received, time: event.time,
      payload: Data(event.encoded()))
  }

  init(offset: Int64, kind: Int64, received: Milliseconds, time: Milliseconds, payload: Data) {
    self.offset = offset
    self.kind = kind
    self.received = received
    self.time = time
    self.payload = payload
  }

  /// What takes the place of this row when its person is forgotten: a clock event at the same offset. So no offset is
  /// given twice, and the join of all others comes out the same.
  var erased: LogRow {
    LogRow(offset: offset, Event(kind: .clock, time: received, received: received))
  }
}
