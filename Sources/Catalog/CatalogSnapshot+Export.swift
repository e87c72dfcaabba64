extension CatalogSnapshot {
  /// Bytes that are handed over at once by ``exportNDJSON(_:)``, about.
  static let exportByteCount = 1 << 18

  /// All ads as NDJSON, ascending by id, in bounded memory; importing it gives an equal catalog.
  ///
  /// - parameter write: takes the next part of the text, which ends with a whole line.
  public func exportNDJSON<Failure: Error>(_ write: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
    var bytes: [UInt8] = []
    for row in 0..<count {
      ad(row).appendJSON(to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
      guard bytes.count >= Self.exportByteCount else { continue }
      try write(bytes)
      bytes.removeAll(keepingCapacity: true)
    }
    if !bytes.isEmpty { try write(bytes) }
  }
}
