import Foundation
import Statistics

/// Draws the ads that are shown from a ranking, and knows the exact probability of what it drew.
///
/// With probability `share` the ads are a Plackett–Luce draw from the ranking (weights score^(1/temperature), without
/// replacement), otherwise its first ones. Then, with probability `slotSwapShare`, the first two change places.
struct Selection {
  private let settings: ExplorationSettings
  /// Plackett–Luce weight by rank; the best ad has 1.
  private let weights: [Double]
  /// Ads that are shown.
  private let count: Int

  /// - parameter scores: descending; the ads that may be drawn.
  init(scores: [Double], count: Int, settings: ExplorationSettings) {
    self.settings = settings
    self.count = min(count, scores.count)
    let best = log(scores.first ?? 1)
    let temperature = max(settings.temperature, 1e-6)
    weights = scores.map { $0 > 0 ? exp((log($0) - best) / temperature) : 0 }
  }

  /// Ranks of the ads to show, in slot order.
  func draw(_ generator: inout SeededGenerator) -> [Int] {
    var shown = Array(0..<count)
    if generator.nextUniform() < settings.share { shown = plackettLuce(&generator) }
    if swaps, generator.nextUniform() < settings.slotSwapShare { shown.swapAt(0, 1) }
    return shown
  }

  /// For each slot of a list, the probability of its ad given the ads in the slots above; their product is the
  /// probability of the list. Exact, in O(slots · ads drawn from).
  ///
  /// A list may have come about in four ways; each slot tells how likely each of them still is.
  func propensities(_ shown: [Int]) -> [Double] {
    let swapShare = swaps ? settings.slotSwapShare : 0
    let drawn = drawnPropensities(shown)
    var ways = [
      (share: (1 - swapShare) * (1 - settings.share), propensities: Self.matches(shown, Array(shown.indices))),
      (share: (1 - swapShare) * settings.share, propensities: drawn),
    ]
    if swaps {
      ways.append((swapShare * (1 - settings.share), Self.matches(shown, [1, 0] + Array(shown.indices.dropFirst(2)))))
      ways.append((swapShare * settings.share, swappedPropensities(shown, drawn)))
    }
    return shown.indices.map { slot in
      let propensity = ways.reduce(0) { $0 + $1.share * $1.propensities[slot] }
      for way in ways.indices { ways[way].share *= propensity > 0 ? ways[way].propensities[slot] / propensity : 0 }
      return propensity
    }
  }

  private var swaps: Bool { count >= 2 && settings.slotSwapShare > 0 }

  private func plackettLuce(_ generator: inout SeededGenerator) -> [Int] {
    var left = Array(weights.indices)
    return (0..<count).map { _ in
      let shares = Self.shares(left.map { weights[$0] })
      let place = generator.nextCategory(weights: shares) ?? 0
      return left.remove(at: place)
    }
  }

  /// 1 in each slot that has the expected ad, else 0.
  private static func matches(_ shown: [Int], _ expected: [Int]) -> [Double] {
    zip(shown, expected).map { $0 == $1 ? 1 : 0 }
  }

  /// For each slot, the probability of its ad in a draw, given the ads above.
  private func drawnPropensities(_ shown: [Int]) -> [Double] {
    guard settings.share > 0 else { return Array(repeating: 0, count: shown.count) }
    var left = weights
    return shown.map { rank in
      let propensity = Self.shares(left)[rank]
      left[rank] = -1
      return propensity
    }
  }

  /// The same for a draw whose first two have changed places: the first was drawn second, after any other.
  private func swappedPropensities(_ shown: [Int], _ drawn: [Double]) -> [Double] {
    guard settings.share > 0 else { return drawn }
    let pair = drawnPropensities([shown[1], shown[0]]).reduce(1, *)
    let first = weights.indices.filter { $0 != shown[0] }.reduce(0) {
      $0 + drawnPropensities([$1, shown[0]]).reduce(1, *)
    }
    return [first, first > 0 ? pair / first : 0] + drawn.dropFirst(2)
  }

  /// The weights as probabilities; negative ones are out. Where all that are left are 0, each is as likely.
  private static func shares(_ weights: [Double]) -> [Double] {
    let sum = weights.reduce(0) { $0 + max($1, 0) }
    let count = Double(weights.count { $0 >= 0 })
    return weights.map { $0 < 0 ? 0 : sum > 0 ? $0 / sum : 1 / count }
  }
}
