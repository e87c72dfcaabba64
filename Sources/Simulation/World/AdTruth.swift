import Catalog
import Events
import Foundation
import Statistics

/// What is true of every ad of a catalog: built once from the catalog, a function of the seed and the ads' attributes.
///
/// Immutable; memory is 4 bytes an ad and about 200 a kind.
final class AdTruth: Sendable {
  let catalog: CatalogSnapshot
  let kinds: [AdKind]
  let campaigns: [CampaignTruth]
  /// Values of the attributes by code; code 0 is none.
  let categories: [String]
  let audiences: [String]
  let formats: [String]
  let advertisers: [String]
  /// Indices of ``kinds`` by falling best bid.
  let kindsByBid: [Int32]
  /// The most that appeal, novelty and drift add to a logit, and the longest taste of a campaign.
  let appealMax: Float
  let tasteLengthMax: Float
  private let kindOfRow: [UInt32]

  /// - parameter origin: the world's first moment; campaigns are launched around it.
  init(_ catalog: CatalogSnapshot, chance: Chance, origin: Milliseconds) {
    self.catalog = catalog
    let reader = AdReader(catalog)
    let campaigns = Self.campaigns(reader, chance: chance, origin: origin)
    (kinds, kindOfRow) = Self.kinds(reader, chance: chance, campaigns: campaigns)
    self.campaigns = campaigns
    categories = reader.values("category")
    audiences = reader.values("audience")
    formats = reader.values("format")
    advertisers = reader.values("advertiser")
    let kinds = kinds
    appealMax = kinds.reduce(0) { max($0, $1.appeal + campaigns[$1.campaign].driftMax) }
    tasteLengthMax = campaigns.reduce(0) { max($0, ($1.taste * $1.taste).sum()) }.squareRoot()
    kindsByBid = kinds.indices.filter { !kinds[$0].rows.isEmpty }
      .sorted { (catalog.bids[Int(kinds[$0].rows[0])], $1) > (catalog.bids[Int(kinds[$1].rows[0])], $0) }
      .map(Int32.init)
  }

  /// The kind of the ad in a row.
  func kind(row: Int) -> AdKind { kinds[Int(kindOfRow[row])] }

  static let priceBounds = [20.0, 50, 150, 500]

  private static func campaigns(_ reader: AdReader, chance: Chance, origin: Milliseconds) -> [CampaignTruth] {
    let names = reader.values("campaign")
    var bids = [Double](repeating: 0, count: names.count)
    var prices = bids
    var counts = bids
    for row in 0..<reader.catalog.count {
      let campaign = reader.code("campaign", row)
      counts[campaign] += 1
      bids[campaign] += reader.catalog.bids[row]
      prices[campaign] += reader.price(row) ?? 0
    }
    let means = zip(bids, counts).map { $1 > 0 ? $0 / $1 : 0 }
    let rivals = Rivals(reader)
    let order = means.indices.sorted { (means[$0], $0) < (means[$1], $1) }
    var places = [Double](repeating: 0, count: names.count)
    for (place, campaign) in order.enumerated() { places[campaign] = Double(place) / Double(max(1, names.count - 1)) }
    return names.indices.map { code in
      CampaignTruth(
        name: names[code], generosity: places[code], bid: means[code], price: prices[code] / max(1, counts[code]),
        rarity: rivals.rarity(campaign: code, bid: means[code]), origin: origin, chance: chance)
    }
  }

  private static func kinds(
    _ reader: AdReader, chance: Chance, campaigns: [CampaignTruth]
  ) -> (kinds: [AdKind], ofRow: [UInt32]) {
    var numbers: [[Int]: UInt32] = [:]
    var kinds: [AdKind] = []
    var ofRow: [UInt32] = []
    ofRow.reserveCapacity(reader.catalog.count)
    let appeals = AttributeAppeals(reader, chance: chance)
    for row in 0..<reader.catalog.count {
      let key = reader.key(row)
      if numbers[key] == nil {
        numbers[key] = UInt32(kinds.count)
        var kind = AdKind(
          category: key[0], audience: key[1], format: key[2], advertiser: key[3], campaign: key[4], priceClass: key[5],
          rule: key[6])
        kind.appeal = appeals.sum(kind) + campaigns[kind.campaign].appeal
        kinds.append(kind)
      }
      let number = numbers[key] ?? 0
      ofRow.append(number)
      if reader.catalog.isActive(row) { keep(row, in: &kinds[Int(number)].rows, bids: reader.catalog.bids) }
    }
    return (kinds, ofRow)
  }

  /// Keeps the rows of highest bid, ties by row.
  private static func keep(_ row: Int, in rows: inout [Int32], bids: UnsafeBufferPointer<Double>) {
    let place = rows.firstIndex { bids[row] > bids[Int($0)] } ?? rows.count
    guard place < AdKind.rowCountMax else { return }
    rows.insert(Int32(row), at: place)
    if rows.count > AdKind.rowCountMax { rows.removeLast() }
  }
}

/// Reads the attributes that the world looks at.
private struct AdReader {
  let catalog: CatalogSnapshot
  private let prices: [Double?]

  private static let names = ["category", "audience", "format", "advertiser", "campaign"]

  init(_ catalog: CatalogSnapshot) {
    self.catalog = catalog
    prices = [nil] + (catalog.column("price")?.values ?? []).map(Double.init)
  }

  /// Values of an attribute by code.
  func values(_ name: String) -> [String] { [""] + (catalog.column(name)?.values ?? []) }

  func code(_ name: String, _ row: Int) -> Int { catalog.column(name).map { Int($0.codes[row]) } ?? 0 }

  func price(_ row: Int) -> Double? { prices[code("price", row)] }

  /// What makes an ad's kind, in the order of ``AdKind``'s properties.
  func key(_ row: Int) -> [Int] {
    let priceClass = price(row).map { price in 1 + AdTruth.priceBounds.count { $0 <= price } } ?? 0
    return Self.names.map { code($0, row) } + [priceClass, Int(catalog.targetingRuleIndices[row])]
  }
}

/// How rarely an ad is clicked that pays much for a click: dear clicks are rare ones, in a trade and within it.
private struct Rivals {
  private let categoryOfCampaign: [Int]
  /// Mean logarithm of the bids, by category and of all.
  private let logBids: [Double]
  private let logBid: Double

  private static let rarityOfTrade = 0.6
  private static let rarityInTrade = 0.2

  init(_ reader: AdReader) {
    var categories = [Int](repeating: 0, count: reader.values("campaign").count)
    var moments = [Moments](repeating: Moments(), count: reader.values("category").count)
    var all = Moments()
    for row in 0..<reader.catalog.count {
      let category = reader.code("category", row)
      categories[reader.code("campaign", row)] = category
      moments[category].add(log(max(reader.catalog.bids[row], 0.01)))
      all.add(log(max(reader.catalog.bids[row], 0.01)))
    }
    categoryOfCampaign = categories
    logBids = moments.map { $0.mean ?? 0 }
    logBid = all.mean ?? 0
  }

  /// What is taken from the logit of a campaign's ads.
  func rarity(campaign: Int, bid: Double) -> Double {
    let trade = logBids[categoryOfCampaign[campaign]]
    return Self.rarityOfTrade * (trade - logBid) + Self.rarityInTrade * (log(max(bid, 0.01)) - trade)
  }
}

/// What attributes add to the logit of everybody.
private struct AttributeAppeals {
  private let categories: [Float]
  private let audiences: [Float]
  private let formats: [Float]
  private let advertisers: [Float]
  private let prices: [Float]

  init(_ reader: AdReader, chance: Chance) {
    func draws(_ attribute: StaticString, _ names: [String], _ deviation: Double) -> [Float] {
      names.map { $0.isEmpty ? 0 : Float(deviation * chance.normal(attribute, $0)) }
    }
    categories = draws("category", reader.values("category"), 0.3)
    audiences = draws("audience", reader.values("audience"), 0.1)
    formats = draws("format", reader.values("format"), 0.2)
    advertisers = draws("advertiser", reader.values("advertiser"), 0.15)
    prices = draws("price", ["", "1", "2", "3", "4", "5"], 0.15)
  }

  func sum(_ kind: AdKind) -> Float {
    categories[kind.category] + audiences[kind.audience] + formats[kind.format] + advertisers[kind.advertiser]
      + prices[kind.priceClass]
  }
}
