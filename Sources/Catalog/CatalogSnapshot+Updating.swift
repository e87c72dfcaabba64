extension CatalogSnapshot {
  /// A snapshot with some ads put in, in place of those with their ids, and some taken out. This one stays as it is.
  ///
  /// Costs a copy of the catalog, a fraction of a second for a million ads. Unknown ids in `removed` do nothing; an
  /// ad in both is put in.
  ///
  /// - throws: ``CatalogError`` when an ad isn't valid, two have one id, or a limit of the catalog is passed.
  public func updating(_ ads: [Ad], removing removed: some Sequence<String> = [String]()) throws(CatalogError)
    -> CatalogSnapshot
  {
    var builder = CatalogBuilder()
    for ad in ads { try builder.add(ad) }
    let additions = builder.build()
    let removedRows = Set(removed.compactMap { row(id: $0) })
    var order: [Gathering.RowReference] = []
    order.reserveCapacity(count + additions.count)
    var addition = 0
    for row in 0..<count {
      while addition < additions.count, compareBytes(additions.identifier(addition), identifier(row)) < 0 {
        order.append(Gathering.RowReference(source: 1, row: UInt32(addition)))
        addition += 1
      }
      let isReplaced = addition < additions.count && compareBytes(additions.identifier(addition), identifier(row)) == 0
      if isReplaced || removedRows.contains(row) { continue }
      order.append(Gathering.RowReference(source: 0, row: UInt32(row)))
    }
    order += (addition..<additions.count).map { Gathering.RowReference(source: 1, row: UInt32($0)) }
    return try Gathering(sources: [self, additions], order: order).snapshot()
  }
}
