import Features

/// Appends the primitives of the binary layout: little-endian numbers, LEB128 varints, UTF-8 texts.
struct ByteWriter {
  var bytes: [UInt8] = []

  init(capacity: Int) {
    bytes.reserveCapacity(capacity)
  }

  mutating func write(byte: UInt8) {
    bytes.append(byte)
  }

  mutating func write(bytes more: [UInt8]) {
    bytes.append(contentsOf: more)
  }

  mutating func write(zeros count: Int) {
    bytes.append(contentsOf: repeatElement(0, count: count))
  }

  /// 7 bits a byte, the lowest first; the top bit says that more follow.
  mutating func write(varint value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// A signed number as a varint of its zigzag code: 0, −1, 1, −2 … become 0, 1, 2, 3 …
  mutating func write(signed value: Int64) {
    write(varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  mutating func write(double value: Double) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write(word value: UInt64) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  /// Length in bytes as a varint, then the bytes; what is longer than the limit is cut at a character.
  mutating func write(text: String) {
    let count = text.utf8.count
    guard count > ServedAd.Limits.textByteCountMax else {
      write(varint: UInt64(count))
      bytes.append(contentsOf: text.utf8)
      return
    }
    var short = Substring(text)
    while short.utf8.count > ServedAd.Limits.textByteCountMax { short.removeLast() }
    write(text: String(short))
  }

  /// The number of entries as a varint, then key and value of each, keys ascending by their bytes. Entries that pass a
  /// limit of ``ServedAd/Limits`` are left out.
  mutating func write(map: [String: String]) {
    write(entries: map.sorted { ExactText($0.key) < ExactText($1.key) })
  }

  /// The same for entries whose names ascend already.
  mutating func write(entries: [(key: String, value: String)]) {
    let kept = entries.allSatisfy(Self.fits) ? entries[...] : entries.filter(Self.fits)[...]
    write(varint: UInt64(min(kept.count, ServedAd.Limits.entryCountMax)))
    for (key, value) in kept.prefix(ServedAd.Limits.entryCountMax) {
      write(text: key)
      write(text: value)
    }
  }

  private static func fits(_ entry: (key: String, value: String)) -> Bool {
    let limit = ServedAd.Limits.textByteCountMax
    return entry.key.utf8.count <= limit && entry.value.utf8.count <= limit
  }
}
