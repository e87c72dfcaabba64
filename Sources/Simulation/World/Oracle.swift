import Catalog
import Foundation
import Statistics

/// What could have been shown to a user, by someone who knows the truth.
///
/// Each chooser lives with its own past: what it showed makes the user tired of campaigns, and blind or willing. So the
/// same users are followed through all their page views, once for each chooser.
struct Oracle {
  let world: World
  let slotCount: Int

  /// What a choice of ads is worth.
  struct Worth: Codable, Sendable, Equatable {
    /// Σ bid × true click probability over the slots: what ranking maximises, and regret is measured in.
    var value = 0.0
    /// Σ price × true click probability: what is earned.
    var revenue = 0.0
    /// Σ true click probability.
    var clicks = 0.0

    static func += (left: inout Worth, right: Worth) {
      left.value += right.value
      left.revenue += right.revenue
      left.clicks += right.clicks
    }
  }

  /// What a user would be like if another had chosen the ads.
  struct Shadows {
    var best = UserState()
    var reachable = UserState()
    var random = UserState()
  }

  /// The worth of the best, of the best by what the schema's fields tell, and of random choices.
  struct Choices {
    var best = Worth()
    var reachable = Worth()
    var random = Worth()
  }

  private struct Candidate {
    var kind: Int32 = 0
    var bid = 0.0
    /// By the chooser's belief, at slot 1.
    var probability = 0.0
    var score = -1.0
  }

  /// Looks at every eligible ad that can matter, in descending order of bids.
  ///
  /// - parameter shadows: the user under each chooser so far; goes on by this page view.
  func choices(
    _ viewpoint: Viewpoint, context: [String: String], shadows: inout Shadows, chance: inout SeededGenerator
  ) -> Choices {
    let truth = world.truth
    let matches = truth.catalog.targetingRules.map { rule in rule.matches(at: viewpoint.time) { context[$0] } }
    let bound = World.sigmoid(viewpoint.logitMax)
    var best = [Candidate](repeating: Candidate(), count: slotCount + 1)
    var reachable = best
    for number in truth.kindsByBid {
      let kind = truth.kinds[Int(number)]
      let highest = truth.catalog.bids[Int(kind.rows[0])]
      if highest * bound < min(best[slotCount].score, reachable[slotCount].score) { break }
      guard matches[kind.rule] else { continue }
      let fatigue = World.fatigueLogit * shadows.best.exposure(kind.campaign, time: viewpoint.time)
      let probability = World.sigmoid(viewpoint.logit(kind) + fatigue)
      let known = World.sigmoid(viewpoint.knownLogit(kind))
      for row in kind.rows.prefix(slotCount + 1) {
        let bid = truth.catalog.bids[Int(row)]
        Self.insert(Candidate(kind: number, bid: bid, probability: probability, score: bid * probability), into: &best)
        Self.insert(Candidate(kind: number, bid: bid, probability: known, score: bid * known), into: &reachable)
      }
    }
    var choices = Choices()
    choices.best = show(priced(best), viewpoint, &shadows.best, &chance)
    choices.reachable = show(priced(reachable), viewpoint, &shadows.reachable, &chance)
    choices.random = show(random(matches, &chance), viewpoint, &shadows.random, &chance)
    return choices
  }

  /// An ad in a slot, at a price.
  private struct Shown {
    let kind: AdKind
    let slot: Int
    let bid: Double
    let price: Double
  }

  /// The first ``slotCount`` candidates at their second prices.
  private func priced(_ candidates: [Candidate]) -> [Shown] {
    (1...slotCount).filter { candidates[$0 - 1].score > 0 }.map { slot in
      let ad = candidates[slot - 1]
      let price = min(ad.bid, max(0, candidates[slot].score) / ad.probability)
      return Shown(kind: world.truth.kinds[Int(ad.kind)], slot: slot, bid: ad.bid, price: price)
    }
  }

  /// A random eligible ad in each slot, at its full bid: more than an auction among them would bring.
  private func random(_ matches: [Bool], _ chance: inout SeededGenerator) -> [Shown] {
    let catalog = world.catalog
    return (1...slotCount).compactMap { slot in
      for _ in 0..<Self.drawCountMax where catalog.count > 0 {
        let row = Int(chance.nextUniform() * Double(catalog.count))
        let kind = world.truth.kind(row: row)
        guard catalog.isActive(row), matches[kind.rule] else { continue }
        return Shown(kind: kind, slot: slot, bid: catalog.bids[row], price: catalog.bids[row])
      }
      return nil
    }
  }

  /// Draws until an eligible ad is found; after so many the slot stays empty.
  private static let drawCountMax = 100

  /// What the ads are worth, and what looking at them does to the user.
  private func show(
    _ ads: [Shown], _ viewpoint: Viewpoint, _ state: inout UserState, _ chance: inout SeededGenerator
  ) -> Worth {
    var worth = Worth()
    let before = state
    for ad in ads {
      let probability = viewpoint.clickProbability(ad.kind, slot: ad.slot, state: before)
      worth += Worth(value: ad.bid * probability, revenue: ad.price * probability, clicks: probability)
      let isLooked = chance.nextUniform() < World.examination(slot: ad.slot)
      let isClicked = chance.nextUniform() < probability
      guard isLooked || isClicked else { continue }
      let satisfaction = world.truth.campaigns[ad.kind.campaign].satisfaction
      state.look(at: ad.kind.campaign, satisfaction: satisfaction, isClicked: isClicked, time: viewpoint.time)
    }
    return worth
  }

  private static func insert(_ candidate: Candidate, into list: inout [Candidate]) {
    guard candidate.score > list[list.count - 1].score else { return }
    var place = list.count - 1
    while place > 0, candidate.score > list[place - 1].score {
      list[place] = list[place - 1]
      place -= 1
    }
    list[place] = candidate
  }
}

extension Viewpoint {
  /// The true probability that the user clicks the ad in a slot.
  func clickProbability(_ kind: AdKind, slot: Int, state: UserState) -> Double {
    let fatigue = World.fatigueLogit * state.exposure(kind.campaign, time: time)
    let look = World.examination(slot: slot) * min(1, state.willingness)
    return look * World.sigmoid(logit(kind) + fatigue)
  }
}
