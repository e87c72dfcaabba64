import Catalog
import Events
import Learning
import Metrics
import Ranking

/// Keeps the ledger in step with the join and the clock: gives back what isn't billed, paces, and shows how campaigns stand.
///
/// Not thread-safe: one background loop steps it.
final class DeliveryLoop {
  private let ledger: CampaignLedger
  private let history: DeliveryHistory
  private var lastClick: Int64
  private var day: DeliveryDay
  private var shownAt: Milliseconds = 0
  private var gauges = DeliveryGauges()

  /// How often the gauges are set.
  private static let showMilliseconds: Milliseconds = 1000

  init(_ ledger: CampaignLedger, store: Store) throws {
    self.ledger = ledger
    history = DeliveryHistory(store: store)
    lastClick = try history.newestClick()
    day = ledger.day
  }

  func step(_ snapshot: ServingSnapshot, now: Milliseconds) throws {
    let newest = try history.newestClick()
    for click in try history.refused(after: lastClick) {
      guard let row = snapshot.catalog.row(id: click.ad) else { continue }
      ledger.giveBack(
        click.price, received: click.received, experiments: click.experiments, row: row, in: snapshot.campaigns)
    }
    lastClick = newest
    ledger.step(snapshot.campaigns, now: now)
    if ledger.day != day {
      day = ledger.day
      ledger.follow(try history.curve(now: now, in: ledger.timeZone))
    }
    guard now - shownAt >= Self.showMilliseconds else { return }
    shownAt = now
    gauges.show(ledger.summary(snapshot.campaigns), withheld: ledger.withheld)
  }
}

/// How campaigns stand, in /metrics.
struct DeliveryGauges {
  private let campaigns = Gauge(label: "adloop_campaigns", dimensions: [("state", "open")])
  private let exhausted = Gauge(label: "adloop_campaigns", dimensions: [("state", "exhausted")])
  private let paced = Gauge(label: "adloop_campaigns", dimensions: [("state", "paced")])
  private let spend = Gauge(label: "adloop_campaign_spend_today")
  private let overDelivery = Gauge(label: "adloop_campaign_over_delivery_ratio")
  private let evictions = Counter(label: "adloop_frequency_evictions_total")
  private let withheld = Withholding.allCases.map {
    ($0, Counter(label: "adloop_rank_withheld_total", dimensions: [("reason", $0.rawValue)]))
  }
  private var shownEvictions = 0
  private var shownWithheld: [Withholding: Int] = [:]

  mutating func show(_ summary: DeliverySummary, withheld counts: [Withholding: Int]) {
    campaigns.record(summary.campaigns - summary.exhausted - summary.paced)
    exhausted.record(summary.exhausted)
    paced.record(summary.paced)
    spend.record(summary.spentToday)
    overDelivery.record(summary.overDeliveryRatio)
    evictions.increment(by: summary.evictedFrequencies - shownEvictions)
    for (reason, counter) in withheld {
      counter.increment(by: (counts[reason] ?? 0) - (shownWithheld[reason] ?? 0))
    }
    (shownEvictions, shownWithheld) = (summary.evictedFrequencies, counts)
  }
}
