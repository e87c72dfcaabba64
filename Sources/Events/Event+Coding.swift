extension Event {
  /// Version of the layout of ``encoded()``.
  private static let layoutVersion: UInt8 = 1

  /// The payload of a log entry; kind and the two times have columns of their own.
  ///
  ///     byte    content
  ///     0       1, the version of this layout
  ///     1       bit 0: a history row was clicked; bit 1: a value follows; bit 2: a conversion id; bit 3: a served ad;
  ///             bit 4: a reason
  ///     2–      value           IEEE 754, 8 bytes, least significant first, if bit 1
  ///             conversion id   text: length in bytes (varint), UTF-8, if bit 2
  ///             reason          ``InvalidReason``, 1 byte, if bit 4
  ///             served ad       as in a token, see ``ServedAd/write(to:)``, if bit 3
  ///             JSON            all further bytes
  func encoded() -> [UInt8] {
    var writer = ByteWriter(capacity: payload.count + 320)
    writer.write(byte: Self.layoutVersion)
    writer.write(
      byte: (clicked ? 1 : 0) | (value != nil ? 2 : 0) | (conversionID != nil ? 4 : 0)
        | (served != nil ? 8 : 0) | (invalidReason != nil ? 16 : 0))
    if let value { writer.write(double: value) }
    if let conversionID { writer.write(text: conversionID) }
    if let invalidReason { writer.write(byte: invalidReason.rawValue) }
    served?.write(to: &writer)
    writer.write(bytes: payload)
    return writer.bytes
  }

  /// Reads the payload that ``encoded()`` made.
  init(
    kind: EventKind, time: Milliseconds, received: Milliseconds, encoded: UnsafeRawBufferPointer
  ) throws(DamagedBytes) {
    var reader = ByteReader(encoded)
    let version = try reader.byte()
    guard version == Self.layoutVersion else {
      throw DamagedBytes("version \(version) of an event is not known here")
    }
    let flags = try reader.byte()
    self.init(kind: kind, time: time, received: received)
    clicked = flags & 1 != 0
    if flags & 2 != 0 { value = try reader.double() }
    if flags & 4 != 0 { conversionID = try reader.text() }
    if flags & 16 != 0 { invalidReason = try Self.reason(code: try reader.byte()) }
    if flags & 8 != 0 { served = try ServedAd(from: &reader) }
    payload = reader.rest()
    guard (served != nil) == kind.isAboutServedAd else {
      throw DamagedBytes("a \(kind.label) event \(served == nil ? "without" : "with") a served ad")
    }
  }

  private static func reason(code: UInt8) throws(DamagedBytes) -> InvalidReason {
    guard let reason = InvalidReason(rawValue: code) else {
      throw DamagedBytes("reason \(code) of an invalid event is not known here")
    }
    return reason
  }
}
