/// Ads that are the same for every user but for their bids: same campaign, trade, format, price class and targeting.
struct AdKind: Sendable {
  /// Codes of the world's tables of names; 0 is for ads without the attribute.
  let category: Int
  let audience: Int
  let format: Int
  let advertiser: Int
  let campaign: Int
  let priceClass: Int
  /// Index of the catalog's targeting rule.
  let rule: Int
  /// Rows of its best bids, highest first, as many as a page can show and one more.
  var rows: [Int32] = []
  /// What the attributes add to the logit of everybody.
  var appeal: Float = 0

  /// Whom only a better bid can displace: ads of a kind that an oracle looks at.
  static let rowCountMax = 4
}
