import Features
import Foundation

/// Collects the bytes of a state file.
struct StateWriter {
  private var data: Data

  init(_ magic: [UInt8]) {
    data = Data(magic)
  }

  mutating func put(_ word: UInt64) {
    withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) }
  }

  mutating func put(_ integer: Int) { put(UInt64(bitPattern: Int64(integer))) }

  mutating func put(_ double: Double) { put(double.bitPattern) }

  mutating func put(_ text: String) {
    put(text.utf8.count)
    data.append(contentsOf: text.utf8)
  }

  /// All bytes, the checksum at the end.
  consuming func finish() -> Data {
    data.append(contentsOf: SHA256.digest(of: data))
    return data
  }
}
