/// The order in which a scan visits ads: groups of 64 that are alike, the best static score first.
///
/// Ads are cut into bands of static score, each band is sorted by code, the codes that matter most first, and then cut
/// into groups. Groups whose ads share most codes have a tight bound, and most of them are passed over.
struct ScanOrder {
  /// Ads of a group.
  static let groupSize = 64
  /// Width of a band of static score, in logits.
  private static let bandWidth = 0.5
  private static let bandCountMax = 255
  /// Codes that fit into a sort key.
  private static let keyCodeCount = 6

  /// The row of each place; the last group is filled up with ``padding``, so each group has 64.
  private(set) var rows: [UInt32] = []
  /// The best static score of each group, rounded up, descending.
  private(set) var groupMaxima: [Float] = []

  /// Stands for no row.
  static let padding = UInt32.max

  /// - parameter scores: static scores by row; rows of −∞ are left out.
  /// - parameter codes: by column, the one that matters most first, then by row.
  init(scores: [Double], codes: [[UInt8]]) {
    var entries = Self.entries(scores, codes)
    entries.sort { $0.key < $1.key }
    let groups = stride(from: 0, to: entries.count, by: Self.groupSize).map { start in
      let members = entries[start..<min(start + Self.groupSize, entries.count)]
      return (members: members, maximum: Self.roundedUp(members.reduce(-.infinity) { max($0, scores[Int($1.row)]) }))
    }
    rows.reserveCapacity(groups.count * Self.groupSize)
    for group in groups.sorted(by: { $0.maximum > $1.maximum }) {
      rows += group.members.map(\.row)
      rows += repeatElement(Self.padding, count: Self.groupSize - group.members.count)
      groupMaxima.append(group.maximum)
    }
  }

  private static func entries(_ scores: [Double], _ codes: [[UInt8]]) -> [(key: UInt64, row: UInt32)] {
    let best = scores.max() ?? 0
    let leading = codes.prefix(keyCodeCount)
    return scores.indices.lazy.filter { scores[$0] > -.infinity }.map { row in
      let deficit = (best - scores[row]) / bandWidth
      let band = min(deficit, Double(bandCountMax))
      var key = UInt64(band)
      for column in leading { key = key << 8 | UInt64(column[row]) }
      key <<= UInt64(8 * (keyCodeCount - leading.count))
      return (key << 8 | UInt64((band - band.rounded(.down)) * 255), UInt32(row))
    }
  }

  private static func roundedUp(_ value: Double) -> Float {
    let rounded = Float(value)
    return Double(rounded) < value ? rounded.nextUp : rounded
  }
}
