import Features
import Foundation

/// Reads the bytes of a state file whose checksum holds.
struct StateReader {
  private let data: Data
  private var position: Int
  private let end: Int

  private static let checksumByteCount = 32

  init(_ data: Data, magic: [UInt8]) throws(LearningError) {
    let end = data.count - Self.checksumByteCount
    guard end >= magic.count, data.starts(with: magic) else { throw Self.damaged("it isn't a state file") }
    guard SHA256.digest(of: data.prefix(end)).elementsEqual(data.suffix(Self.checksumByteCount)) else {
      throw Self.damaged("its checksum is wrong")
    }
    self.data = data
    self.end = end
    position = magic.count
  }

  var isAtEnd: Bool { position == end }

  mutating func word() throws(LearningError) -> UInt64 {
    guard position + 8 <= end else { throw Self.damaged("it ends early") }
    defer { position += 8 }
    return data.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt64.self)) }
  }

  mutating func integer() throws(LearningError) -> Int { Int(Int64(bitPattern: try word())) }

  mutating func double() throws(LearningError) -> Double { Double(bitPattern: try word()) }

  mutating func text() throws(LearningError) -> String {
    let count = try integer()
    guard count >= 0, count <= end - position else { throw Self.damaged("it ends early") }
    defer { position += count }
    let start = data.startIndex + position
    return String(decoding: data[start..<start + count], as: UTF8.self)
  }

  mutating func list<Element>(
    _ element: (inout StateReader) throws(LearningError) -> Element
  ) throws(LearningError) -> [Element] {
    let count = try integer()
    guard count >= 0, count <= (end - position) / 8 else { throw Self.damaged("it ends early") }
    var elements: [Element] = []
    elements.reserveCapacity(count)
    for _ in 0..<count { elements.append(try element(&self)) }
    return elements
  }

  static func damaged(_ reason: String) -> LearningError {
    LearningError(.damagedFile, "the trainer's state is damaged: \(reason)")
  }
}
