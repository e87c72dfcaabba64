import Events
import Foundation
import Statistics

/// What is true of a campaign's ads, and of which a server knows nothing but what it learns.
struct CampaignTruth: Sendable {
  /// Where it lies in the space of tastes.
  let taste: SIMD4<Float>
  /// What it adds to the logit of everybody.
  let appeal: Float
  /// Whether it promises more than it keeps: more clicks, and users who regret them.
  let isBait: Bool
  /// How content an ad leaves those who look at it, 0 to 1.
  let satisfaction: Double
  /// Probability that a click is followed by a conversion, and the mean value of one.
  let conversionRate: Double
  let conversionValue: Double
  private let launch: Milliseconds
  private let driftAmplitude: Double
  private let driftPeriod: Double
  private let driftPhase: Double

  static let appealDeviation = 0.2
  static let tasteDeviation = 0.2
  static let baitAppeal = 0.9
  /// A bait's share of the campaigns, falling to 0 at the most generous bidders.
  private static let baitShareMax = 0.3
  private static let noveltyLogit = 0.3
  private static let noveltyDays = 3.0
  private static let driftDeviation = 0.1

  /// - parameter generosity: the campaign's place among all by bid, 0 lowest to 1 highest.
  /// - parameter bid: its usual bid a click, and `price` that of the product.
  /// - parameter rarity: what is taken from the logit of everybody.
  init(
    name: String, generosity: Double, bid: Double, price: Double, rarity: Double, origin: Milliseconds, chance: Chance
  ) {
    var own = chance.generator("campaign", name)
    taste = Float(Self.tasteDeviation) * SIMD4((0..<4).map { _ in Float(own.nextNormal()) })
    isBait = own.nextUniform() < Self.baitShareMax * (1 - generosity) * (1 - generosity)
    appeal = Float(Self.appealDeviation * own.nextNormal() - rarity + (isBait ? Self.baitAppeal : 0))
    satisfaction = isBait ? 0.1 * own.nextUniform() : 0.7 + 0.3 * own.nextUniform()
    // Advertisers who know their business bid what a click is worth to them, give or take.
    let worth = bid * own.nextLogNormal(logMean: 0.2, logDeviation: 0.4)
    conversionRate = min(0.5, max(0.002, worth / max(price, 1)) * (isBait ? 0.3 : 1))
    conversionValue = worth / max(0.002, min(0.5, worth / max(price, 1)))
    launch = origin + Milliseconds((60 * own.nextUniform() - 30) * 86_400_000)
    driftAmplitude = Self.driftDeviation * own.nextNormal()
    driftPeriod = (5 + 15 * own.nextUniform()) * 86_400_000
    driftPhase = 2 * .pi * own.nextUniform()
  }

  /// What novelty and the drift of taste add to the logit at `time`.
  func drift(_ time: Milliseconds) -> Float {
    let age = Double(time - launch) / 86_400_000
    let novelty = age >= 0 ? Self.noveltyLogit * exp(-age / Self.noveltyDays) : 0
    return Float(novelty + driftAmplitude * sin(2 * .pi * Double(time % 1_728_000_000_000) / driftPeriod + driftPhase))
  }

  /// The most that ``drift(_:)`` can be.
  var driftMax: Float { Float(Self.noveltyLogit + abs(driftAmplitude)) }
}
