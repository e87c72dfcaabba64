import Foundation

/// The lines of a text file, plain or gzip, one after the other in bounded memory.
///
///     let reader = try LineReader(file)
///     while let line = try reader.next() { … }
///
/// Lines end with LF or CR LF, which aren't part of them; a byte order mark isn't part of the first one. Not for use by
/// several threads at once.
public final class LineReader {
  /// Bytes of a line; a longer one is reported and skipped.
  public static let lineByteCountMax = 1 << 20

  private var window: ByteWindow
  private var lineNumber = 0

  /// Opens a file.
  ///
  /// - throws: ``CatalogError`` when it can't be read.
  public init(_ file: URL) throws(CatalogError) {
    window = ByteWindow(try ByteSource(file))
  }

  /// Reads lines from memory.
  public init(_ text: [UInt8]) {
    window = ByteWindow(text)
  }

  /// Share of the file that was read, in [0, 1]; `nil` when its size isn't known.
  public var fraction: Double? { window.fraction }

  /// The next line, `nil` at the end.
  ///
  /// - throws: ``CatalogError`` when the file can't be read on or its compression is damaged.
  public func next() throws(CatalogError) -> Line? {
    var scannedByteCount = 0
    var isTooLong = false
    while true {
      if let offset = newlineOffset(from: scannedByteCount) {
        let bytes = take(offset)
        window.drop(1)
        return line(bytes, isTooLong: isTooLong)
      }
      scannedByteCount = window.count
      if scannedByteCount > Self.lineByteCountMax {
        isTooLong = true
        window.drop(scannedByteCount)
        scannedByteCount = 0
      }
      guard try window.extend() else { break }
    }
    guard window.count > 0 || isTooLong else { return nil }
    return line(take(window.count), isTooLong: isTooLong)
  }

  private func newlineOffset(from offset: Int) -> Int? {
    window.withBytes(from: offset) { bytes in
      guard let start = bytes.baseAddress, let found = memchr(start, 0x0A, bytes.count) else { return nil }
      return offset + (UnsafeRawPointer(found) - UnsafeRawPointer(start))
    }
  }

  private func take(_ byteCount: Int) -> ArraySlice<UInt8> {
    if lineNumber == 0 { return window.take(byteCount).droppingByteOrderMark() }
    return window.take(byteCount)
  }

  private func line(_ bytes: ArraySlice<UInt8>, isTooLong: Bool) -> Line {
    lineNumber += 1
    guard !isTooLong, bytes.count <= Self.lineByteCountMax else {
      let reason = "the line has more than \(Self.lineByteCountMax) bytes; shorten it"
      return Line(number: lineNumber, bytes: .failure(LineError(reason)))
    }
    return Line(number: lineNumber, bytes: .success(bytes.last == 0x0D ? bytes.dropLast() : bytes))
  }
}

extension ArraySlice<UInt8> {
  /// The bytes without a UTF-8 byte order mark in front.
  func droppingByteOrderMark() -> Self {
    starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self
  }
}
