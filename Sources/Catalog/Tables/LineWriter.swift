import Foundation

/// Writes the lines of a text file, packed by gzip when its name ends in `.gz`, in bounded memory.
///
///     let writer = try LineWriter(file)
///     for line in lines { try writer.write(line) }
///     try writer.finish()
///
/// Not for use by several threads at once.
public final class LineWriter {
  /// Bytes that are gathered before they are packed and written.
  private static let pieceByteCount = 1 << 18

  private let file: OpenFile
  private let deflater: Deflater?
  private var piece: [UInt8] = []

  /// Creates a file, or empties it.
  ///
  /// - throws: ``CatalogError`` when it can't be made.
  public init(_ url: URL, isCompressed: Bool? = nil) throws(CatalogError) {
    file = try OpenFile(creating: url)
    deflater = isCompressed ?? url.path.hasSuffix(".gz") ? Deflater() : nil
    piece.reserveCapacity(Self.pieceByteCount + 4096)
  }

  /// Adds a line; its end is added too.
  ///
  /// - throws: ``CatalogError`` when the disk is full or fails.
  public func write(_ line: some Sequence<UInt8>) throws(CatalogError) {
    piece += line
    piece.append(0x0A)
    if piece.count >= Self.pieceByteCount { try flush(isLast: false) }
  }

  /// Writes what is gathered, and waits until all is on the disk. To be called once, after the last line.
  public func finish() throws(CatalogError) {
    try flush(isLast: true)
    try file.synchronize()
  }

  private func flush(isLast: Bool) throws(CatalogError) {
    let bytes = deflater?.deflate(piece, isLast: isLast) ?? piece
    try bytes.withUnsafeBufferPointer { (bytes) throws(CatalogError) in
      try file.write(UnsafeRawBufferPointer(bytes))
    }
    piece.removeAll(keepingCapacity: true)
  }
}
