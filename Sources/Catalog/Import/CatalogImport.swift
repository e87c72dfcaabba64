/// What came of reading a file of ads.
public struct CatalogImport: Sendable {
  /// The ads that were good.
  public let snapshot: CatalogSnapshot
  public let rejections: Rejections

  public var acceptedCount: Int { snapshot.count }
}
