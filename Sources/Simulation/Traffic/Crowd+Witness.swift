import Catalog
import Events
import Foundation
import HeapModule
import Statistics

extension Crowd {
  /// What becomes of the ads of one page view.
  func witness(_ visit: Visit, _ answer: RankAnswer?) {
    let isPerson = visit.person.habit != .bot
    guard let answer else { return update(visit.time) { $0.failedRequests += 1 } }
    update(visit.time) { counts in
      counts.requests += 1
      counts.filledRequests += answer.ads.isEmpty ? 0 : 1
      counts.servedAds += answer.ads.count
      counts.botRequests += isPerson ? 0 : 1
    }
    guard visit.person.habit != .blocksAds else { return }
    var chance = visit.chance
    let viewpoint = world.viewpoint(visit.person, page: visit.page, time: visit.time)
    let state = states[visit.person.number] ?? UserState()
    if isPerson, isCompared(visit.person) { compare(answer, visit, viewpoint, state) }
    for ad in answer.ads { look(at: ad, visit, viewpoint, &chance) }
  }

  /// Whether all page views of a person are compared with other choices.
  private func isCompared(_ person: Person) -> Bool {
    var own = world.chance(user: person.number, view: -2)
    return own.nextUniform() < plan.oracleShare
  }

  /// The regret of one answer: what the best ads would have been worth, and what these are.
  private func compare(
    _ answer: RankAnswer, _ visit: Visit, _ viewpoint: Viewpoint, _ state: UserState
  ) {
    var chance = world.chance(user: visit.person.number, view: -2 - state.viewCount)
    let context = world.context(visit.person, page: visit.page, time: visit.time)
    let choices = oracle.choices(
      viewpoint, context: context, shadows: &shadows[visit.person.number, default: .init()], chance: &chance)
    var own = Oracle.Worth()
    for ad in answer.ads {
      guard let row = world.catalog.row(id: ad.ad) else { continue }
      let probability = viewpoint.clickProbability(world.truth.kind(row: row), slot: ad.slot, state: state)
      own += Oracle.Worth(value: ad.bid * probability, revenue: ad.price * probability, clicks: probability)
    }
    update(visit.time) { $0.comparison.add(own: own, choices) }
  }

  private func look(
    at ad: RankAnswer.Ad, _ visit: Visit, _ viewpoint: Viewpoint, _ chance: inout SeededGenerator
  ) {
    guard let row = world.catalog.row(id: ad.ad) else { return update(visit.time) { $0.unknownAds += 1 } }
    let kind = world.truth.kind(row: row)
    let campaign = world.truth.campaigns[kind.campaign]
    var state = states[visit.person.number] ?? UserState()
    let place = visit.faults.shownSlot(ad.slot, of: plan.slotCount)
    let isBot = visit.person.habit == .bot
    let probability =
      isBot ? Self.botClickProbability : viewpoint.clickProbability(kind, slot: place, state: state)
    let isLooked = chance.nextUniform() < World.examination(slot: place)
    let isClicked = chance.nextUniform() < probability
    let isBought = chance.nextUniform() < campaign.conversionRate * visit.person.buying
    let message = Message(ad: ad, visit: visit, value: value(campaign, &chance))
    update(visit.time) { counts in
      counts.add(predicted: ad.ctr, truth: probability, price: isClicked ? ad.price : nil)
    }
    report(message, isClicked: isClicked, isBought: isBought && !isBot, &chance)
    guard !isBot, isLooked || isClicked else { return }
    state.look(at: kind.campaign, satisfaction: campaign.satisfaction, isClicked: isClicked, time: visit.time)
    states[visit.person.number] = state
  }

  /// A machine's, whatever the ad.
  private static let botClickProbability = 0.1

  private func value(_ campaign: CampaignTruth, _ chance: inout SeededGenerator) -> Double {
    let value = campaign.conversionValue * chance.nextLogNormal(logMean: -0.08, logDeviation: 0.4)
    return (value * 100).rounded() / 100
  }

  private struct Message {
    let ad: RankAnswer.Ad
    let visit: Visit
    let value: Double
  }

  /// Puts the events of one ad on their way: each with its delay, and some never arrive or arrive twice.
  private func report(
    _ message: Message, isClicked: Bool, isBought: Bool, _ chance: inout SeededGenerator
  ) {
    let visit = message.visit
    let isBot = visit.person.habit == .bot
    // Everything is drawn whether it is needed or not, so that a fault changes nothing but what it is about.
    let shown = visit.time + Milliseconds(1000 + chance.nextExponential(mean: 500))
    let reading = 700 + chance.nextLogNormal(logMean: log(4000), logDeviation: 1)
    let clicked = shown + Milliseconds(isBot ? 60 : reading)
    let bought = clicked + Milliseconds(chance.nextLogNormal(logMean: log(900_000), logDeviation: 1.2))
    let isClickLost = chance.nextUniform() < visit.faults.lostClickShare
    send(.impression, message, at: shown, isHappening: true, &chance)
    send(.click, message, at: clicked, isHappening: isClicked && !isClickLost, &chance)
    send(.conversion, message, at: bought, isHappening: isClicked && isBought, &chance)
    guard isClicked, isBought else { return }
    update(visit.time) { counts in
      counts.conversions += 1
      counts.conversionValue += message.value
    }
  }

  private func send(
    _ kind: EventKind, _ message: Message, at time: Milliseconds, isHappening: Bool, _ chance: inout SeededGenerator
  ) {
    let visit = message.visit
    let isLost = chance.nextUniform() < plan.lostBeaconShare
    let isCopied = chance.nextUniform() < visit.faults.copiedEventShare || visit.person.habit == .sendsTwice
    guard isHappening else { return }
    guard !isLost else { return update(visit.time) { $0.lostEvents += 1 } }
    let isSale = kind == .conversion
    let event = EventMessage(
      kind, token: message.ad.token, id: isSale ? "sale" : nil, value: isSale ? message.value : nil, time: time)
    for _ in 0..<(isCopied ? 2 : 1) {
      pending.insert(PendingEvent(time: time, number: eventNumber, message: event))
      eventNumber += 1
    }
  }
}
