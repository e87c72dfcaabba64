import Foundation

/// Decides with which probability a campaign takes part in decisions, so that its day's budget lasts for the day's traffic.
///
/// Probabilistic throttling after Agarwal, Ghosh, Wei and You (LinkedIn, KDD 2014), whose fixed steps of 10 % are replaced by
/// an estimate: what may still be spent for a share of the day's traffic, over what lately was spent for such a share at
/// probability 1. An estimate doesn't swing, as steps do when clicks come late.
struct Pacer: Sendable {
  /// Steps after which an observation counts half.
  private static let halfLifeSteps = 30.0
  /// Even a campaign that is far ahead tries now and then, to learn what it would spend.
  static let probabilityMin = 0.001

  private(set) var probability = 1.0
  private var spentBefore = 0.0
  private var shareBefore: Double
  /// Spent lately, and the traffic in which it took part, as shares of a day's; both fading.
  private var recentSpend = 0.0
  private var recentTraffic = 0.0

  /// - parameter share: of the day's traffic that has come when pacing begins.
  init(spent: Double, share: Double) {
    spentBefore = spent
    shareBefore = share
  }

  /// - parameter spent: today.
  /// - parameter share: of the day's traffic that has come.
  mutating func step(spent: Double, daily: Double, share: Double) {
    let traffic = share - shareBefore
    guard traffic > 0 else { return }
    let fading = pow(0.5, 1 / Self.halfLifeSteps)
    recentSpend = recentSpend * fading + max(spent - spentBefore, 0)
    recentTraffic = recentTraffic * fading + traffic * probability
    (spentBefore, shareBefore) = (spent, share)
    let wanted = max(daily - spent, 0) / max(1 - share, 1e-9)
    let offered = recentSpend / recentTraffic
    probability = offered > wanted ? max(wanted / offered, Self.probabilityMin) : 1
  }

  /// What is known of the offer stays.
  mutating func beginDay() {
    spentBefore = 0
    shareBefore = 0
  }
}
