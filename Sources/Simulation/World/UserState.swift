import Events
import Foundation

/// What a user has learnt of the ads here, and remembers of them: what makes today's ads matter tomorrow.
///
/// Willingness to look at ads is learnt (ad blindness: Hohnhold, O'Brien and Tang 2015): every ad that is looked at moves it
/// a little towards what that ad was worth looking at, and one that was clicked more. It heals as it falls.
struct UserState {
  /// Multiplies the probability of looking at ads; 1 for a user who never was here.
  private(set) var willingness = 1.0
  /// Latest campaigns seen, and how fresh each is in mind.
  private var seen: [(campaign: Int32, freshness: Float, time: Milliseconds)] = []
  /// Page views so far: the number of the next one.
  var viewCount = 0
  /// What the coming visits are thinned by: willing users come back more often.
  var returnShare: Double { 0.4 + 0.6 * min(willingness, 1.2) }

  static let returnShareMax = 1.12
  static let campaignCountMax = 6
  static let lookRate = 0.012
  static let clickRate = 0.1
  /// Willingness that a user approaches under ads of satisfaction 0, and what satisfaction adds to it.
  static let willingnessMin = 0.3
  static let willingnessGain = 0.8
  private static let forgettingDays: Float = 1

  /// How often lately the user has seen the campaign, forgetting counted.
  func exposure(_ campaign: Int, time: Milliseconds) -> Float {
    guard let entry = seen.first(where: { $0.campaign == campaign }) else { return 0 }
    return Self.faded(entry.freshness, since: entry.time, time)
  }

  /// The user has looked at an ad, and maybe clicked on it.
  mutating func look(at campaign: Int, satisfaction: Double, isClicked: Bool, time: Milliseconds) {
    let target = Self.willingnessMin + Self.willingnessGain * satisfaction
    willingness += (isClicked ? Self.clickRate : Self.lookRate) * (target - willingness)
    let freshness = exposure(campaign, time: time) + 1
    seen.removeAll { $0.campaign == campaign }
    seen.append((Int32(campaign), min(freshness, 4), time))
    if seen.count > Self.campaignCountMax { seen.removeFirst() }
  }

  private static func faded(_ freshness: Float, since: Milliseconds, _ time: Milliseconds) -> Float {
    freshness * exp(-Float(time - since) / (86_400_000 * forgettingDays))
  }
}
