/// An ad that was put after the snapshot under it was made.
public final class AddedAd: Sendable {
  /// Its row in the live catalog.
  public let row: Int
  public let ad: Ad
  public let rule: TargetingRule
  /// Index of the rule in the snapshot, `nil` when the snapshot doesn't have it.
  public let baseRuleIndex: UInt32?
  /// Rows of the snapshot whose ids come before the ad's.
  public let baseRowsBefore: Int

  init(row: Int, ad: Ad, rule: TargetingRule, baseRuleIndex: UInt32?, baseRowsBefore: Int) {
    self.row = row
    self.ad = ad
    self.rule = rule
    self.baseRuleIndex = baseRuleIndex
    self.baseRowsBefore = baseRowsBefore
  }
}
