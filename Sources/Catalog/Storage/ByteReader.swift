/// Unpacks what ``ByteWriter`` packed; throws instead of reading past the end.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { offset == bytes.count }

  mutating func read<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) throws(CatalogError) -> Number {
    let part = try take(MemoryLayout<Number>.size)
    return Number(littleEndian: part.loadUnaligned(as: type))
  }

  mutating func readDouble() throws(CatalogError) -> Double {
    Double(bitPattern: try read(UInt64.self))
  }

  mutating func readText() throws(CatalogError) -> String {
    let byteCount = Int(try read(UInt32.self))
    return String(decoding: try take(byteCount), as: UTF8.self)
  }

  mutating func readTexts() throws(CatalogError) -> [String] {
    let count = try read(UInt32.self)
    var texts: [String] = []
    for _ in 0..<count { texts.append(try readText()) }
    return texts
  }

  private mutating func take(_ byteCount: Int) throws(CatalogError) -> UnsafeRawBufferPointer {
    guard byteCount <= bytes.count - offset else {
      throw CatalogError(.damagedFile, "a table ends too early")
    }
    defer { offset += byteCount }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + byteCount])
  }
}
