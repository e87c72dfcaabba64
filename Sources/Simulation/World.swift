import Foundation
import Statistics

/// A population of users and the true reasons why they click, of which the server knows nothing.
///
/// P(click | shown) = examination(slot) · σ(base + appeal(user's interest, ad's category) + device effect of the format
/// + the campaign's quality). Appeals, effects and qualities are normal draws that depend on the seed and the names alone,
/// so the truth about an ad needs no table and never changes while a run lasts.
public struct World: Sendable {
  private let seed: UInt64
  private let base: Double
  /// Probability that a visitor looks at the slot, first slot first; later ones as the last.
  private let examination: [Double]

  public init(seed: UInt64, base: Double = -3.2, examination: [Double] = [1, 0.65, 0.45, 0.3]) {
    self.seed = seed
    self.base = base
    self.examination = examination
  }

  /// One visitor: the attributes a page would send, and an id.
  public struct Visitor: Sendable {
    public let user: String
    public let context: [String: String]
  }

  /// The visitor of one page view, one of `userCount` that come back.
  public func visitor(userCount: Int, using generator: inout SeededGenerator) -> Visitor {
    let number = Int(generator.nextUniform() * Double(userCount))
    var own = SeededGenerator(seed: hash("user", String(number)))
    var context = [
      "country": Self.countries.pick(&own), "device": Self.devices.pick(&own),
      "browser": Self.browsers.pick(&own), "interest": Self.interests.pick(&own),
    ]
    context["page"] = Self.pages.pick(&generator)
    context["hour"] = String(Int(generator.nextUniform() * 24))
    return Visitor(user: "u\(number)", context: context)
  }

  /// The true probability that a visitor of this `context` clicks an ad of these `attributes` at `slot`.
  public func clickProbability(context: [String: String], attributes: [String: String], slot: Int) -> Double {
    let category = attributes["category"] ?? ""
    let appeal = 1.1 * normal("appeal", context["interest"] ?? "", category)
    let place = 0.4 * normal("page", context["page"] ?? "", category)
    let device = 0.5 * normal("device", context["device"] ?? "", attributes["format"] ?? "")
    let quality = 0.5 * normal("quality", attributes["campaign"] ?? "")
    let logit = base + appeal + place + device + quality
    return examination[min(slot, examination.count) - 1] / (1 + exp(-logit))
  }

  private func normal(_ parts: String...) -> Double {
    var generator = SeededGenerator(seed: hash(parts))
    return generator.nextNormal()
  }

  private func hash(_ parts: String...) -> UInt64 { hash(parts) }

  /// FNV-1a over the parts, each ended by a zero byte.
  private func hash(_ parts: [String]) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
    for part in parts {
      for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      hash = hash &* 0x100_0000_01b3
    }
    return hash
  }

  static let countries = Shares(["US": 5, "DE": 3, "FR": 2, "GB": 2, "JP": 2, "BR": 2, "IN": 3, "AT": 1, "CH": 1])
  static let devices = Shares(["mobile": 6, "desktop": 3, "tablet": 1])
  static let browsers = Shares(["chrome": 6, "safari": 3, "firefox": 1, "edge": 1])
  static let interests = Shares([
    "sports": 3, "fashion": 3, "travel": 2, "tech": 3, "food": 2, "finance": 1, "games": 2,
  ])
  static let pages = Shares(["news": 4, "sports": 3, "recipes": 2, "games": 2, "finance": 1])
}
