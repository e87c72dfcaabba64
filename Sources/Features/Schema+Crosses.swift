extension Schema {
  /// The names of the two fields of every cross, a context field first.
  public var crosses: [[String]] {
    templates.compactMap { template in
      let names = template.context.map { contextFields[$0].name } + template.ad.map { adFields[$0].name }
      return names.count == 2 ? names : nil
    }
  }

  /// This schema and more crosses; it stays the schema of its file, by ``sha256``.
  ///
  /// - throws: ``SchemaError`` when a cross names an unknown field, is there already, or there are too many.
  public func adding(crosses more: [[String]]) throws(SchemaError) -> Schema {
    guard !more.isEmpty else { return self }
    return try Schema(
      contextFields: contextFields, adFields: adFields, crosses: crosses + more, slotCountMax: slotCountMax,
      sha256: sha256)
  }
}
