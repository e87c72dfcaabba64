import Features

/// Collects ads and makes a snapshot of them.
///
/// Ads may come in any order. It keeps columns, not ads: about 120 bytes an ad besides creatives until ``build()``.
public struct CatalogBuilder: Sendable {
  /// Named bounds of one catalog.
  public enum Limits {
    public static let adCountMax = Int(UInt32.max) - 1
    /// Distinct attributes.
    public static let attributeCountMax = 250
    /// Distinct targeting rules, the one without conditions included; each costs every request a little.
    public static let targetingRuleCountMax = 65_536
  }

  private var identifiers = Set<ExactText>()
  private var rows = Rows()

  public init() {}

  /// Number of ads so far.
  public var count: Int { rows.count }

  /// Takes one ad.
  ///
  /// - throws: ``CatalogError`` when the ad isn't valid, its id is known already or a limit is reached; the ad is then
  ///   left out and the builder can go on.
  public mutating func add(_ ad: Ad) throws(CatalogError) {
    try ad.validate()
    guard !identifiers.contains(ExactText(ad.id)) else {
      throw CatalogError(.duplicateID, "the id '\(ad.id)' appears twice; keep one of the ads")
    }
    try rows.append(ad)
    identifiers.insert(ExactText(ad.id))
  }

  /// A snapshot of the ads so far, in O(n log n).
  public consuming func build() -> CatalogSnapshot {
    identifiers = []
    do {
      let unsorted = try CatalogSnapshot(rows.takeSections())
      return try Gathering(sources: [unsorted], order: unsorted.rowsByIdentifier()).snapshot()
    } catch {
      preconditionFailure("the builder made sections that contradict each other: \(error)")
    }
  }

  static func checkRuleCount(_ count: Int) throws(CatalogError) {
    guard count > Limits.targetingRuleCountMax else { return }
    throw CatalogError(
      .limitReached,
      "more than \(Limits.targetingRuleCountMax) different targeting rules; let more ads share the same targeting")
  }

  static func checkAttributeCount(_ count: Int) throws(CatalogError) {
    guard count > Limits.attributeCountMax else { return }
    throw CatalogError(.limitReached, "more than \(Limits.attributeCountMax) different attributes; leave some out")
  }
}
