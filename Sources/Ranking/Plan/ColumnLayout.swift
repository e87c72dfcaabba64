import Foundation

/// The columns that a scan looks at, those with small tables first.
struct ColumnLayout: Sendable {
  /// What a column says about an ad.
  enum Kind: Sendable, Equatable {
    /// How far its static score lies below the best of its group.
    case level
    /// Its bid, which no score of the objective revenue exceeds.
    case bid
    /// Its targeting rule.
    case rule
    /// Its values in the crosses with the same index.
    case cross(Int)
  }

  struct Column: Sendable {
    let kind: Kind
    /// Codes in use, without the one for a mixed group.
    let codeCount: Int
    /// Stands for a group whose ads have different codes; it has no deficit.
    var mixedCode: UInt8 { UInt8(codeCount) }
  }

  let columns: [Column]
  /// The columns of crosses whose buckets have one code each.
  let exactCrossColumns: [Int]
  /// The crosses whose buckets share codes.
  let sharedCrosses: [Int]

  /// - parameter bids: whether bids have a column: worth its byte where high CTRs make the bound by static score loose.
  init(crosses: [CrossColumn], rules: RuleColumn, bids: Bool) {
    var columns = [Column(kind: .level, codeCount: ScoreLevels.count)]
    if bids { columns.append(Column(kind: .bid, codeCount: BidLevels.count)) }
    if rules.ruleCount > 1 { columns.append(Column(kind: .rule, codeCount: rules.bucketCount)) }
    columns += crosses.enumerated().map { Column(kind: .cross($0), codeCount: $1.bucketCount) }
    columns.sort { $0.codeCount < $1.codeCount }
    self.columns = columns
    exactCrossColumns = columns.indices.filter {
      if case .cross(let cross) = columns[$0].kind { return crosses[cross].isExact }
      return false
    }
    sharedCrosses = crosses.indices.filter { !crosses[$0].isExact }
  }

  /// The columns of crosses and rules, those that move scores most first.
  func priority(crosses: [CrossColumn]) -> [Int] {
    let impacts = columns.map { column in
      if case .cross(let index) = column.kind { return crosses[index].impact }
      return column.kind == .rule ? 0 : -1
    }
    return impacts.indices.filter { impacts[$0] >= 0 }.sorted { impacts[$0] > impacts[$1] }
  }

  /// Columns whose codes, the mixed one included, lie below `limit`.
  func count(below limit: Int) -> Int { columns.count { $0.codeCount < limit } }
}

/// The steps in which a scan sees how far an ad's static score lies below the best of its group: fine near 0.
struct ScoreLevels: Sendable {
  /// With the mixed code, which a group never needs, they fit the smallest table.
  static let count = 63

  /// Ascending from 0; a code stands for at least its value.
  let values: [Double]
  private let spread: Double

  /// - parameter spread: the largest deficit of any ad.
  init(spread: Double) {
    self.spread = spread
    values = (0..<Self.count).map { level in
      let part = Double(level) / Double(Self.count - 1)
      return spread * part * part
    }
  }

  /// The last level that isn't above `deficit`.
  func code(_ deficit: Double) -> UInt8 {
    guard spread > 0 else { return 0 }
    var code = Int(min((deficit / spread).squareRoot(), 1) * Double(Self.count - 1))
    while values[code] > deficit { code -= 1 }
    return UInt8(code)
  }
}

/// Steps of bids, as finely as a byte table of the smallest size sees them.
struct BidLevels: Sendable {
  static let count = 63
  /// Bids this much below the highest, in units of ln bid, are one level.
  private static let rangeMax = 8.0

  /// Ascending; a code stands for at most its value.
  let values: [Double]

  init(bidMax: Double) {
    let step = Self.rangeMax / Double(Self.count - 1)
    values = (0..<Self.count).map { $0 == Self.count - 1 ? bidMax : bidMax * exp(-step * Double(Self.count - 1 - $0)) }
  }

  /// The first level that isn't below `bid`.
  func code(_ bid: Double) -> UInt8 {
    var low = 0
    var high = Self.count - 1
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < bid { low = middle + 1 } else { high = middle }
    }
    return UInt8(low)
  }
}
