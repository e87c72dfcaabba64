/// Reads what ``ByteWriter`` wrote. Every step checks its bounds: damaged bytes throw, never trap.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  /// The bytes must outlive the reader.
  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  var remainingByteCount: Int { bytes.count - position }

  mutating func byte() throws(DamagedBytes) -> UInt8 {
    UInt8(try take(1)[0])
  }

  mutating func varint() throws(DamagedBytes) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      let next = try byte()
      guard shift < 63 || next <= 1 else { break }
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return value }
    }
    throw DamagedBytes("a number of more than 64 bits at byte \(position)")
  }

  mutating func signed() throws(DamagedBytes) -> Int64 {
    let code = try varint()
    return Int64(bitPattern: code >> 1) ^ -Int64(bitPattern: code & 1)
  }

  mutating func double() throws(DamagedBytes) -> Double {
    Double(bitPattern: UInt64(littleEndian: try take(8).loadUnaligned(as: UInt64.self)))
  }

  mutating func word() throws(DamagedBytes) -> UInt64 {
    UInt64(bigEndian: try take(8).loadUnaligned(as: UInt64.self))
  }

  /// A text; what is not UTF-8 becomes U+FFFD.
  mutating func text() throws(DamagedBytes) -> String {
    let count = try varint()
    guard count <= UInt64(ServedAd.Limits.textByteCountMax) else {
      throw DamagedBytes("a text of \(count) bytes at byte \(position)")
    }
    return String(decoding: try take(Int(count)), as: UTF8.self)
  }

  mutating func map() throws(DamagedBytes) -> [String: String] {
    let count = try varint()
    guard count <= UInt64(ServedAd.Limits.entryCountMax) else {
      throw DamagedBytes("a map of \(count) entries at byte \(position)")
    }
    var map = [String: String](minimumCapacity: Int(count))
    for _ in 0..<count {
      let key = try text()
      map[key] = try text()
    }
    return map
  }

  mutating func rest() -> [UInt8] {
    defer { position = bytes.count }
    return Array(bytes[position...])
  }

  private mutating func take(_ count: Int) throws(DamagedBytes) -> UnsafeRawBufferPointer {
    guard count <= remainingByteCount else {
      throw DamagedBytes(
        "\(count) bytes wanted at byte \(position), \(remainingByteCount) are left")
    }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }
}

/// Bytes that don't follow the layout, and where.
struct DamagedBytes: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
