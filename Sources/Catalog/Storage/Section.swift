import CZlib

/// One part of a snapshot as it lies in memory and in a file, with its checksum.
struct Section: @unchecked Sendable {
  let region: Region
  let bytes: UnsafeRawBufferPointer
  /// CRC-32 (IEEE 802.3) of the bytes.
  let checksum: UInt32

  /// A part of `region`, which must be complete.
  init(region: Region, bytes: UnsafeRawBufferPointer) {
    self.region = region
    self.bytes = bytes
    checksum = Self.checksum(of: bytes)
  }

  /// A copy of `elements`.
  init<Element: BitwiseCopyable>(_ elements: [Element]) {
    self.init(count: elements.count) { (buffer: UnsafeMutableBufferPointer<Element>) in
      _ = buffer.update(fromContentsOf: elements)
    }
  }

  /// `count` elements written by `fill`, which finds them zeroed.
  init<Element: BitwiseCopyable>(count: Int, fill: (UnsafeMutableBufferPointer<Element>) -> Void) {
    let byteCount = count * MemoryLayout<Element>.stride
    let region = Region(byteCount: byteCount)
    let part = UnsafeMutableRawBufferPointer(rebasing: region.bytes[..<byteCount])
    fill(part.bindMemory(to: Element.self))
    self.init(region: region, bytes: UnsafeRawBufferPointer(part))
  }

  /// The section as elements of one type.
  func elements<Element: BitwiseCopyable>(as type: Element.Type = Element.self) -> UnsafeBufferPointer<Element> {
    bytes.bindMemory(to: type)
  }

  static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    UInt32(crc32_z(0, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
  }
}
