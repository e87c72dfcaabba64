import Catalog
import Foundation

/// What could have been shown to a view, by someone who knows the truth.
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

  /// The best, the best by what the schema's fields tell, and random choices.
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
  /// - parameter isBlocked: campaigns that can't be shown now, such as those whose budget is spent.
  func choices(
    _ viewpoint: Viewpoint, context: [String: String], state: UserState, chance: inout some RandomNumberGenerator,
    isBlocked: (Int) -> Bool = { _ in false }
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
      guard matches[kind.rule], !isBlocked(kind.campaign) else { continue }
      let fatigue = World.fatigueLogit * state.exposure(kind.campaign, time: viewpoint.time)
      let probability = World.sigmoid(viewpoint.logit(kind) + fatigue)
      let known = World.sigmoid(viewpoint.knownLogit(kind))
      for row in kind.rows.prefix(slotCount + 1) {
        let bid = truth.catalog.bids[Int(row)]
        Self.insert(Candidate(kind: number, bid: bid, probability: probability, score: bid * probability), into: &best)
        Self.insert(Candidate(kind: number, bid: bid, probability: known, score: bid * known), into: &reachable)
      }
    }
    var choices = Choices()
    choices.best = worth(best, viewpoint, state)
    choices.reachable = worth(reachable, viewpoint, state)
    choices.random = random(viewpoint, matches, state, &chance, isBlocked)
    return choices
  }

  /// The worth of the first ``slotCount`` candidates at their second prices.
  private func worth(_ candidates: [Candidate], _ viewpoint: Viewpoint, _ state: UserState) -> Worth {
    var worth = Worth()
    for slot in 1...slotCount where candidates[slot - 1].score > 0 {
      let ad = candidates[slot - 1]
      let next = max(0, candidates[slot].score)
      add(Int(ad.kind), bid: ad.bid, price: min(ad.bid, next / ad.probability), slot: slot, viewpoint, state, &worth)
    }
    return worth
  }

  /// A random eligible ad in each slot, at its full bid: more than an auction among them would bring.
  private func random(
    _ viewpoint: Viewpoint, _ matches: [Bool], _ state: UserState, _ chance: inout some RandomNumberGenerator,
    _ isBlocked: (Int) -> Bool
  ) -> Worth {
    let truth = world.truth
    var worth = Worth()
    for slot in 1...slotCount {
      for _ in 0..<Self.drawCountMax where truth.catalog.count > 0 {
        let row = Int.random(in: 0..<truth.catalog.count, using: &chance)
        let kind = truth.kind(row: row)
        guard truth.catalog.isActive(row), matches[kind.rule], !isBlocked(kind.campaign) else { continue }
        add(kind, bid: truth.catalog.bids[row], price: truth.catalog.bids[row], slot: slot, viewpoint, state, &worth)
        break
      }
    }
    return worth
  }

  /// Draws until an eligible ad is found; after so many the slot stays empty.
  private static let drawCountMax = 100

  private func add(
    _ number: Int, bid: Double, price: Double, slot: Int, _ viewpoint: Viewpoint, _ state: UserState,
    _ worth: inout Worth
  ) {
    add(world.truth.kinds[number], bid: bid, price: price, slot: slot, viewpoint, state, &worth)
  }

  private func add(
    _ kind: AdKind, bid: Double, price: Double, slot: Int, _ viewpoint: Viewpoint, _ state: UserState,
    _ worth: inout Worth
  ) {
    let probability = viewpoint.clickProbability(kind, slot: slot, state: state)
    worth += Worth(value: bid * probability, revenue: price * probability, clicks: probability)
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
