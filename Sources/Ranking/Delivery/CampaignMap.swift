import Catalog

/// The campaign of every ad of a catalog, and what its budget allows. A value: who keeps a copy keeps its moment.
///
/// 4 bytes an ad where some ads have budgets, nothing where none has.
public struct CampaignMap: Sendable {
  /// A campaign as the catalog has it.
  struct Entry: Sendable {
    let campaign: Campaign
    var terms: CampaignTerms
  }

  private(set) var entries: [Entry] = []
  private var numbers: [CampaignName: Int] = [:]
  /// By row: 0 for no budget, else one more than the index of the entry; its billing in the top bit.
  private var codes: [UInt32] = []
  /// Codes of rows after ``codes``.
  private var laterCodes: [Int: UInt32] = [:]

  private static let perThousandBit: UInt32 = 1 << 31

  init() {}

  /// The map of a snapshot.
  ///
  /// - parameter campaign: gives the campaign of a name, always the same one.
  init(_ catalog: CatalogSnapshot, pacing: Budget.Pacing, campaign: (CampaignName) -> Campaign) {
    guard (0..<catalog.count).contains(where: { catalog.budget($0) != nil }) else { return }
    codes = (0..<catalog.count).map { row in
      catalog.budget(row).map { code(of: $0, id: catalog.id(row), pacing: pacing, campaign: campaign) } ?? 0
    }
  }

  /// Takes note of the ad in a row beyond those of the snapshot.
  mutating func put(
    row: Int, id: String, budget: Budget?, pacing: Budget.Pacing, campaign: (CampaignName) -> Campaign
  ) {
    laterCodes[row] = budget.map { code(of: $0, id: id, pacing: pacing, campaign: campaign) }
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
    let rows = Array(codes.indices) + laterCodes.keys
    return Set(rows.filter { row in number(row).map { fresh.contains($0) } ?? false })
  }

  /// The longest span of a frequency cap, `nil` when no campaign has one.
  public var capSecondsMax: Int? { entries.compactMap(\.terms.cap?.seconds).max() }

  /// Whether some ad pays for impressions.
  public var billsImpressions: Bool {
    codes.contains { $0 & Self.perThousandBit != 0 } || laterCodes.values.contains { $0 & Self.perThousandBit != 0 }
  }

  /// Index of the entry of the ad in a row.
  private func number(_ row: Int) -> Int? {
    let code = code(row)
    return code == 0 ? nil : Int(code & ~Self.perThousandBit) - 1
  }

  private func code(_ row: Int) -> UInt32 { row < codes.count ? codes[row] : laterCodes[row] ?? 0 }

  private mutating func code(
    of budget: Budget, id: String, pacing: Budget.Pacing, campaign: (CampaignName) -> Campaign
  ) -> UInt32 {
    let name = budget.campaign.map(CampaignName.shared) ?? .ad(id)
    let terms = CampaignTerms(budget, pacing: pacing)
    let number = numbers[name] ?? entries.count
    if number == entries.count {
      numbers[name] = number
      entries.append(Entry(campaign: campaign(name), terms: terms))
    } else {
      entries[number].terms.narrow(to: terms)
    }
    return UInt32(number + 1) | (budget.billing == .cpm ? Self.perThousandBit : 0)
  }
}

/// What a campaign may do.
struct CampaignTerms: Sendable {
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

  /// Takes the strictest of both.
  mutating func narrow(to other: CampaignTerms) {
    daily = min(daily, other.daily)
    total = min(total, other.total)
    isPaced = isPaced || other.isPaced
    guard let theirs = other.cap else { return }
    cap = cap.map { ($0.impressions, -$0.seconds) <= (theirs.impressions, -theirs.seconds) ? $0 : theirs } ?? theirs
  }
}
