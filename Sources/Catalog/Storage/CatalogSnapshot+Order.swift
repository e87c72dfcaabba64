extension CatalogSnapshot {
  /// All rows, ascending by their ids' bytes. Compares the first eight bytes as a number, so most of the time nothing
  /// else.
  func rowsByIdentifier() -> [Gathering.RowReference] {
    var keys = (0..<count).map { (prefix: identifierPrefix($0), row: UInt32($0)) }
    keys.sort { first, second in
      guard first.prefix == second.prefix else { return first.prefix < second.prefix }
      return compareBytes(identifier(Int(first.row)), identifier(Int(second.row))) < 0
    }
    return keys.map { Gathering.RowReference(source: 0, row: $0.row) }
  }

  private func identifierPrefix(_ row: Int) -> UInt64 {
    let bytes = identifier(row)
    if bytes.count >= 8 { return UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)) }
    return bytes.reduce(0) { $0 << 8 | UInt64($1) } << (8 * UInt64(8 - bytes.count))
  }
}
