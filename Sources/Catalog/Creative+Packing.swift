extension Creative {
  /// Bytes before the texts of a packed creative.
  static let packedHeaderByteCount = 4

  /// Appends the creative as ``SectionKind/creativeBytes`` describes it; no text may have more than 65,535 bytes.
  func pack(into bytes: inout [UInt8]) {
    for length in [UInt16(title.utf8.count), UInt16(image.utf8.count)] {
      bytes.append(UInt8(truncatingIfNeeded: length))
      bytes.append(UInt8(truncatingIfNeeded: length >> 8))
    }
    bytes.append(contentsOf: title.utf8)
    bytes.append(contentsOf: image.utf8)
    bytes.append(contentsOf: url.utf8)
  }

  /// The creative that was packed; lengths that pass the end are cut.
  init(packed bytes: UnsafeRawBufferPointer) {
    let titleEnd = Self.packedHeaderByteCount + Int(UInt16(littleEndian: bytes.loadUnaligned(as: UInt16.self)))
    let imageByteCount = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
    func text(_ start: Int, _ end: Int) -> String {
      String(decoding: bytes[min(start, bytes.count)..<min(end, bytes.count)], as: UTF8.self)
    }
    title = text(Self.packedHeaderByteCount, titleEnd)
    image = text(titleEnd, titleEnd + imageByteCount)
    url = text(titleEnd + imageByteCount, bytes.count)
  }
}
