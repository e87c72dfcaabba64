import Catalog
import Events
import Foundation
import Locking
import Synchronization

/// What campaigns have spent, today and in all, and what that means for decisions.
///
/// A valid live click (of an ad billed by click) or impression (by impression) is charged the moment the log has stored it, once.
/// So the running sums are those of the log: live events that count, each once, less what the join later finds not billable
/// (``giveBack(_:row:in:)``). Deciding reads atomics only; one loop calls ``step(_:now:)``. Safe from any thread.
public final class CampaignLedger: Sendable {
  let settings: DeliverySettings
  let frequencies: FrequencyTable
  /// Whose midnight begins a day.
  public let timeZone: TimeZone
  let state: Locked<State>
  let dayEnd: Atomic<Milliseconds>
  private let clock: @Sendable () -> Milliseconds
  private let byBudget = Atomic<Int>(0)
  private let byPacing = Atomic<Int>(0)
  private let byCap = Atomic<Int>(0)

  struct State {
    var campaigns: [CampaignName: Campaign] = [:]
    var split: BudgetSplit?
    /// By campaign, of the split in force.
    var parts: [CampaignName: [Campaign]] = [:]
    /// By campaign or part of one.
    var pacers: [ObjectIdentifier: Pacer] = [:]
    var day: DeliveryDay
    var curve = TrafficCurve.flat
    var pacedAt: Milliseconds
    var agedAt: Milliseconds

    mutating func account(_ name: CampaignName, now: Milliseconds) -> CampaignAccount {
      let whole = campaigns[name] ?? Campaign(name, since: now)
      campaigns[name] = whole
      guard let split else { return CampaignAccount(whole: whole, parts: []) }
      let known = parts[name] ?? split.shares.map { _ in Campaign(name, since: now) }
      parts[name] = known
      return CampaignAccount(whole: whole, parts: known)
    }

    mutating func pace(_ purse: Purse, share: Double) {
      let key = ObjectIdentifier(purse.campaign)
      let spent = Amount.units(purse.campaign.spentToday)
      var pacer = pacers[key] ?? Pacer(spent: spent, share: share)
      pacer.step(spent: spent, daily: Amount.units(purse.daily), share: share)
      pacers[key] = pacer
      purse.campaign.passProbability = pacer.probability
    }
  }

  /// A ledger in which nothing was spent.
  ///
  /// - parameter now: the clock by which events are received, asked again whenever a campaign is new.
  /// - throws: ``DeliveryError`` when a setting makes no sense.
  public init(_ settings: DeliverySettings, now: @autoclosure @escaping @Sendable () -> Milliseconds) throws {
    (self.settings, timeZone) = try settings.validated()
    clock = now
    let now = now()
    frequencies = FrequencyTable(countMax: settings.frequencyCountMax)
    let day = DeliveryDay(containing: now, in: timeZone)
    state = Locked(State(day: day, pacedAt: now, agedAt: now))
    dayEnd = Atomic(day.end)
  }

  /// The day whose spending daily budgets bound.
  public var day: DeliveryDay { state.withLock { $0.day } }

  /// The campaigns of a catalog; those known already keep what they have spent. O(ads) where ads have budgets.
  public func map(_ catalog: LiveCatalog) -> CampaignMap {
    let now = clock()
    return state.withLock { state in
      CampaignMap(catalog, pacing: settings.pacing, split: state.split) { state.account($0, now: now) }
    }
  }

  /// Divides what is left of all budgets from now on, or no longer; maps made from then on follow.
  ///
  /// - returns: whether that is new.
  public func split(_ split: BudgetSplit?) -> Bool {
    state.withLock { state in
      guard split != state.split else { return false }
      state.split = split
      state.parts = [:]
      state.pacers = [:]
      for campaign in state.campaigns.values {
        campaign.beginSplit()
        campaign.passProbability = 1
      }
      return true
    }
  }

  /// Takes note of an ad that was put into a row beyond those of the snapshot.
  ///
  /// - parameter old: the row and the budget of the ad that it replaces.
  public func put(
    row: Int, id: String, _ budget: Budget?, replacing old: (row: Int, budget: Budget?)?, in map: inout CampaignMap
  ) {
    let now = clock()
    state.withLock { state in
      map.put(row: row, id: id, budget, replacing: old, pacing: settings.pacing) { state.account($0, now: now) }
    }
  }

  /// Takes note of a deleted ad.
  public func remove(row: Int, _ budget: Budget?, in map: inout CampaignMap) {
    map.remove(row: row, budget, pacing: settings.pacing)
  }

  /// What decides for one decision which campaigns take part.
  ///
  /// - parameter user: may be empty.
  /// - parameter experiments: the request's arms, for split budgets.
  public func admission(
    _ map: CampaignMap, user: String, experiments: [String: String] = [:], now: Milliseconds
  ) -> Admission? {
    guard !map.entries.isEmpty else { return nil }
    if now >= dayEnd.load(ordering: .relaxed) { beginDay(now) }
    return Admission(
      ledger: self, map: map, user: user.isEmpty ? nil : StableHash(user), time: now,
      part: map.part(of: experiments))
  }

  /// Ads that were kept out of decisions so far, by reason.
  public var withheld: [Withholding: Int] {
    [
      .budget: byBudget.load(ordering: .relaxed), .pacing: byPacing.load(ordering: .relaxed),
      .cap: byCap.load(ordering: .relaxed),
    ]
  }

  func countWithheld(_ reason: Withholding) {
    switch reason {
    case .budget: byBudget.add(1, ordering: .relaxed)
    case .pacing: byPacing.add(1, ordering: .relaxed)
    case .cap: byCap.add(1, ordering: .relaxed)
    }
  }

  /// Begins the next day when `now` lies in it.
  func beginDay(_ now: Milliseconds) {
    state.withLock { state in
      guard now >= state.day.end else { return }
      state.day = DeliveryDay(containing: now, in: timeZone)
      for campaign in state.campaigns.values { campaign.beginDay() }
      for part in state.parts.values.joined() { part.beginDay() }
      for name in state.pacers.keys { state.pacers[name]?.beginDay() }
      dayEnd.store(state.day.end, ordering: .relaxed)
    }
  }
}

// MARK: - Spending

extension CampaignLedger {
  /// Charges a stored event to the campaign of its ad, and counts impressions for frequency caps.
  ///
  /// Events received before the ledger met the campaign are restored instead.
  /// - parameter row: of the event's ad; events of ads that have left the catalog are charged to nobody.
  public func record(_ event: Event, row: Int, in map: CampaignMap) {
    guard event.invalidReason == nil, let served = event.served, served.traffic == .live, let entry = map.entry(row),
      event.received >= entry.campaign.since
    else { return }
    if event.received >= dayEnd.load(ordering: .relaxed) { beginDay(event.received) }
    if let cost = Self.cost(event.kind, price: served.price, billing: map.billing(row)) {
      charge(entry, Amount.nanos(cost), at: event.received, map.part(of: served.experiments)?.index)
    }
    if event.kind == .impression { countImpression(user: served.user, entry, at: event.received) }
  }

  /// Takes back what a click cost that the join found not billable.
  public func giveBack(
    _ price: Double, received: Milliseconds, experiments: [String: String] = [:], row: Int, in map: CampaignMap
  ) {
    guard let entry = map.entry(row), map.billing(row) == .cpc, received >= entry.campaign.since else { return }
    let isSplit = received >= map.splitSince
    charge(entry, -Amount.nanos(price), at: received, isSplit ? map.part(of: experiments)?.index : nil)
  }

  private func charge(_ entry: CampaignMap.Entry, _ nanos: Int64, at time: Milliseconds, _ part: Int?) {
    let isToday = time >= day.start
    entry.campaign.charge(nanos, isToday: isToday)
    if let part { entry.parts[part].charge(nanos, isToday: isToday) }
  }

  /// Counts what an ad has cost before this process began.
  ///
  /// - parameter kind: what the amounts are the sums of prices of: impressions or clicks.
  /// - parameter experiments: the arms of the requests that led to them.
  public func restore(
    _ kind: EventKind, _ spent: PastSpending, experiments: [String: String] = [:], row: Int, in map: CampaignMap
  ) {
    guard let entry = map.entry(row), let rate = Self.cost(kind, price: 1, billing: map.billing(row)) else { return }
    let part = map.part(of: experiments).map { entry.parts[$0.index] }
    for (amount, isToday, isSplit) in spent.amounts {
      let nanos = Amount.nanos(amount * rate)
      entry.campaign.charge(nanos, isToday: isToday)
      guard map.split != nil else { continue }
      if isSplit {
        part?.charge(nanos, isToday: isToday)
      } else {
        entry.campaign.chargeBeforeSplit(nanos, isToday: isToday)
      }
    }
  }

  /// Counts an impression for frequency caps only.
  public func restoreImpression(user: String, received: Milliseconds, row: Int, in map: CampaignMap) {
    if let entry = map.entry(row) { countImpression(user: user, entry, at: received) }
  }

  /// Counts what ads just served are expected to cost, as long as `reservation_seconds` has it.
  public func reserve(
    _ ads: some Sequence<(row: Int, price: Double, ctr: Double)>, experiments: [String: String] = [:],
    in map: CampaignMap
  ) {
    guard settings.reservationSeconds > 0 else { return }
    let part = map.part(of: experiments)?.index
    for ad in ads {
      let isByClick = map.billing(ad.row) == .cpc
      guard let entry = map.entry(ad.row) else { continue }
      let nanos = Amount.nanos(ad.price * (isByClick ? ad.ctr : 0.001))
      entry.campaign.reserve(nanos)
      if let part { entry.parts[part].reserve(nanos) }
    }
  }

  private func countImpression(user: String, _ entry: CampaignMap.Entry, at time: Milliseconds) {
    guard let cap = entry.terms.cap, !user.isEmpty else { return }
    let pair = StableHash(user).combined(with: entry.campaign.hash.value)
    frequencies.add(pair, second: Int(time / 1000), seconds: cap.seconds)
  }

  /// What an event costs in currency units, `nil` when it isn't billed.
  private static func cost(_ kind: EventKind, price: Double, billing: Budget.Billing) -> Double? {
    switch (kind, billing) {
    case (.click, .cpc): price
    case (.impression, .cpm): price / 1000
    default: nil
    }
  }
}
