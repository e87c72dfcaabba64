/// What came of reading a file of ads.
public struct CatalogImport: Sendable {
  /// The ads that were good.
  public let snapshot: CatalogSnapshot
  public let rejections: Rejections
  /// Ads that were taken without a landing page: their clicks are logged and lead nowhere.
  public let unlinkedCount: Int

  public var acceptedCount: Int { snapshot.count }
}
