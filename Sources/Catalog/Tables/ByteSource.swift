import Foundation

/// The bytes of a file in order, unpacked when the file is gzip (RFC 1952, one or many members).
final class ByteSource {
  /// Bytes of the file that are read at once.
  static let chunkByteCount = 1 << 18

  private let file: OpenFile
  private let path: String
  private let fileByteCount: Int?
  private var chunk = [UInt8](repeating: 0, count: chunkByteCount)
  private var unread = 0..<0
  private var readByteCount = 0
  private var inflater: Inflater?

  init(_ url: URL) throws(CatalogError) {
    file = try OpenFile(reading: url)
    path = url.path
    fileByteCount = try file.regularByteCount()
    while unread.count < 2, try readChunk() {}
    if unread.count >= 2, chunk[0] == 0x1F, chunk[1] == 0x8B { inflater = Inflater() }
  }

  /// Share of the file that was read, in [0, 1]; `nil` when its size isn't known.
  var fraction: Double? {
    fileByteCount.map { $0 == 0 ? 1 : min(1, Double(readByteCount) / Double($0)) }
  }

  /// Fills the beginning of `buffer`; returns the number of bytes, 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CatalogError) -> Int {
    guard let inflater else { return try copy(into: buffer) }
    while true {
      if unread.isEmpty, try !readChunk() {
        guard inflater.isBetweenMembers else { throw damaged("it ends too early") }
        return 0
      }
      guard let step = inflater.inflate(chunk[unread], into: buffer) else { throw damaged("its content is altered") }
      unread = (unread.lowerBound + step.consumedByteCount)..<unread.upperBound
      if step.producedByteCount > 0 { return step.producedByteCount }
    }
  }

  private func copy(into buffer: UnsafeMutableRawBufferPointer) throws(CatalogError) -> Int {
    if unread.isEmpty, try !readChunk() { return 0 }
    let byteCount = min(buffer.count, unread.count)
    buffer.copyBytes(from: chunk[unread].prefix(byteCount))
    unread = (unread.lowerBound + byteCount)..<unread.upperBound
    return byteCount
  }

  /// Reads more behind what is unread at the chunk's beginning; returns whether there was more.
  private func readChunk() throws(CatalogError) -> Bool {
    let kept = unread.count
    let file = file
    let byteCount = try chunk.withUnsafeMutableBufferPointer { (buffer) throws(CatalogError) in
      try file.read(into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[kept...])))
    }
    unread = 0..<kept + byteCount
    readByteCount += byteCount
    return byteCount > 0
  }

  private func damaged(_ reason: String) -> CatalogError {
    CatalogError(.damagedFile, "\(path): the gzip file is damaged (\(reason)); copy or pack it again")
  }
}
