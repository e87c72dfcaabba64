/// A stretch of a long run of bytes: what was read and not yet taken.
struct ByteWindow {
  /// Free bytes that are kept for the next read at least.
  private static let roomByteCountMin = 1 << 16

  private let source: ByteSource?
  private var storage: [UInt8]
  private var bounds: Range<Int>

  /// A window over a file.
  init(_ source: ByteSource) {
    self.source = source
    storage = [UInt8](repeating: 0, count: 4 * Self.roomByteCountMin)
    bounds = 0..<0
  }

  /// A window over all of `bytes`.
  init(_ bytes: [UInt8]) {
    source = nil
    storage = bytes
    bounds = storage.indices
  }

  /// Share of the file that was read, in [0, 1]; `nil` when its size isn't known.
  var fraction: Double? { source == nil ? 1 : source?.fraction }

  var count: Int { bounds.count }

  /// The bytes from `offset` on.
  func withBytes<Result>(from offset: Int = 0, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    storage[(bounds.lowerBound + offset)..<bounds.upperBound].withUnsafeBufferPointer(body)
  }

  /// Makes the window longer; returns `false` when there is no more.
  mutating func extend() throws(CatalogError) -> Bool {
    guard let source else { return false }
    makeRoom()
    let end = bounds.upperBound
    let byteCount = try storage.withUnsafeMutableBufferPointer { (buffer) throws(CatalogError) in
      try source.read(into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[end...])))
    }
    bounds = bounds.lowerBound..<end + byteCount
    return byteCount > 0
  }

  /// Takes bytes from the beginning of the window.
  mutating func take(_ byteCount: Int) -> ArraySlice<UInt8> {
    let taken = bounds.lowerBound..<bounds.lowerBound + byteCount
    bounds = taken.upperBound..<bounds.upperBound
    return storage[taken]
  }

  /// Drops bytes from the beginning of the window.
  mutating func drop(_ byteCount: Int) {
    bounds = bounds.lowerBound + byteCount..<bounds.upperBound
  }

  private mutating func makeRoom() {
    guard storage.count - bounds.upperBound < Self.roomByteCountMin else { return }
    storage.withUnsafeMutableBytes { bytes in
      bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[bounds]))
    }
    bounds = 0..<bounds.count
    if storage.count - bounds.count < Self.roomByteCountMin {
      storage.append(contentsOf: repeatElement(0, count: storage.count))
    }
  }
}
