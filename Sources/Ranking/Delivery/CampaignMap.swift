import Catalog
import Events
import Features
import HashTreeCollections

/// The campaign of every ad of a catalog, and what its budget allows. A value: who keeps a copy keeps its moment.
///
/// 4 bytes an ad where some ads have budgets, nothing where none has.
public struct CampaignMap: Sendable {
  /// A campaign as the catalog has it.
  struct Entry: Sendable {
    let campaign: Campaign
    /// What each part of a split budget has spent; none without a split.
    let parts: [Campaign]
    /// The strictest of its ads' terms.
    private(set) var terms: CampaignTerms
    /// How many ads have which terms; empty for a campaign of one ad.
    private var counts: [CampaignTerms: Int] = [:]

    init(_ account: CampaignAccount, _ terms: CampaignTerms) {
      campaign = account.whole
      parts = account.parts
      self.terms = terms
    }

    mutating func add(_ added: CampaignTerms, isShared: Bool) {
      guard isShared else { return terms = added }
      counts[added, default: 0] += 1
      terms = counts.count == 1 ? added : terms.narrowed(to: added)
    }

    mutating func remove(_ removed: CampaignTerms) {
      guard let count = counts[removed] else { return }
      counts[removed] = count == 1 ? nil : count - 1
      guard count == 1, let first = counts.keys.first else { return }
      terms = counts.keys.reduce(first) { $0.narrowed(to: $1) }
    }
  }

  private(set) var entries: [Entry] = []
  /// How the budgets are divided; `nil` when they aren't.
  let split: BudgetSplit?
  private var numbers: [CampaignName: Int] = [:]
  /// By row: 0 for no budget, else one more than the index of the entry; its billing in the top bit.
  private var codes: [UInt32] = []
  /// Codes of rows after ``codes``.
  private var laterCodes = TreeDictionary<Int, UInt32>()

  private static let perThousandBit: UInt32 = 1 << 31

  init() { split = nil }

  /// The map of a catalog.
  ///
  /// - parameter campaign: gives the campaign of a name, always the same one.
  init(
    _ catalog: LiveCatalog, pacing: Budget.Pacing, split: BudgetSplit?, campaign: (CampaignName) -> CampaignAccount
  ) {
    self.split = split
    let base = catalog.base
    if (0..<base.count).contains(where: { base.budget($0) != nil }) {
      codes = (0..<base.count).map { row in
        guard let budget = base.budget(row), !catalog.isHidden(row) else { return 0 }
        return add(budget, id: base.id(row), pacing: pacing, campaign: campaign)
      }
    }
    for added in catalog.additions {
      put(row: added.row, id: added.ad.id, added.ad.budget, replacing: nil, pacing: pacing, campaign: campaign)
    }
  }

  /// Takes note of an ad that was put into a row beyond those of the snapshot.
  ///
  /// - parameter old: the row and the budget of the ad that it replaces.
  mutating func put(
    row: Int, id: String, _ budget: Budget?, replacing old: (row: Int, budget: Budget?)?, pacing: Budget.Pacing,
    campaign: (CampaignName) -> CampaignAccount
  ) {
    if let old, old.budget == budget, code(old.row) != 0 { return laterCodes[row] = code(old.row) }
    if let old { remove(row: old.row, old.budget, pacing: pacing) }
    laterCodes[row] = budget.map { add($0, id: id, pacing: pacing, campaign: campaign) }
  }

  /// Takes note of an ad that was deleted or replaced: its terms no longer bound its campaign.
  mutating func remove(row: Int, _ budget: Budget?, pacing: Budget.Pacing) {
    guard let budget, let number = number(row) else { return }
    entries[number].remove(CampaignTerms(budget, pacing: pacing))
  }

  /// The campaign of the ad in a row; `nil` when nothing bounds it.
  func entry(_ row: Int) -> Entry? {
    number(row).map { entries[$0] }
  }

  /// How the ad in a row is billed.
  func billing(_ row: Int) -> Budget.Billing { code(row) & Self.perThousandBit == 0 ? .cpc : .cpm }

  /// Rows whose campaigns no map had before, each told once: what they have spent earlier is to be restored.
  public func takeFreshRows() -> Set<Int> {
    let fresh = Set(entries.indices.filter { entries[$0].campaign.takeFreshness() })
    guard !fresh.isEmpty else { return [] }
    let rows = Array(codes.indices) + Array(laterCodes.keys)
    return Set(rows.filter { row in number(row).map { fresh.contains($0) } ?? false })
  }

  /// From when on events of the ad in a row are charged as they come; never where nothing bounds it.
  public func chargedSince(_ row: Int) -> Milliseconds { entry(row)?.campaign.since ?? .max }

  /// The longest span of a frequency cap, `nil` when no campaign has one.
  public var capSecondsMax: Int? { entries.compactMap(\.terms.cap?.seconds).max() }

  /// Whether some ad pays for impressions.
  public var billsImpressions: Bool {
    codes.contains { $0 & Self.perThousandBit != 0 } || laterCodes.values.contains { $0 & Self.perThousandBit != 0 }
  }

  /// From when on budgets are split; never when they aren't.
  public var splitSince: Milliseconds { split?.since ?? .max }

  /// The part of the entry's budgets that pays for requests with these arms; `nil` for the whole only.
  func part(of experiments: [String: String]) -> (index: Int, share: Double)? {
    guard let split, let index = split.part(of: experiments) else { return nil }
    return (index, split.shares[index])
  }

  /// Index of the entry of the ad in a row.
  private func number(_ row: Int) -> Int? {
    let code = code(row)
    return code == 0 ? nil : Int(code & ~Self.perThousandBit) - 1
  }

  private func code(_ row: Int) -> UInt32 { row < codes.count ? codes[row] : laterCodes[row] ?? 0 }

  private mutating func add(
    _ budget: Budget, id: String, pacing: Budget.Pacing, campaign: (CampaignName) -> CampaignAccount
  ) -> UInt32 {
    let name = budget.campaign.map { CampaignName.shared(ExactText($0)) } ?? .ad(ExactText(id))
    let terms = CampaignTerms(budget, pacing: pacing)
    let number = numbers[name] ?? entries.count
    if number == entries.count {
      numbers[name] = number
      entries.append(Entry(campaign(name), terms))
    }
    entries[number].add(terms, isShared: budget.campaign != nil)
    return UInt32(number + 1) | (budget.billing == .cpm ? Self.perThousandBit : 0)
  }
}

/// What was spent on a campaign: as a whole, and by each part of a split budget.
struct CampaignAccount {
  let whole: Campaign
  let parts: [Campaign]
}

/// What a campaign may do.
struct CampaignTerms: Sendable, Hashable {
  /// In billionths of a currency unit.
  private(set) var daily: Int64
  /// Likewise.
  private(set) var total: Int64
  private(set) var isPaced: Bool
  private(set) var cap: Budget.FrequencyCap?

  init(_ budget: Budget, pacing: Budget.Pacing) {
    daily = budget.daily.map(Amount.nanos) ?? Amount.unlimited
    total = budget.total.map(Amount.nanos) ?? Amount.unlimited
    isPaced = budget.daily != nil && (budget.pacing ?? pacing) == .even
    cap = budget.frequencyCap
  }

  /// The strictest of both.
  func narrowed(to other: CampaignTerms) -> CampaignTerms {
    var narrowed = self
    narrowed.daily = min(daily, other.daily)
    narrowed.total = min(total, other.total)
    narrowed.isPaced = isPaced || other.isPaced
    guard let theirs = other.cap else { return narrowed }
    narrowed.cap =
      cap.map { ($0.impressions, -$0.seconds) <= (theirs.impressions, -theirs.seconds) ? $0 : theirs } ?? theirs
    return narrowed
  }
}
