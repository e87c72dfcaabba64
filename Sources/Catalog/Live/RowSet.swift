/// A set of rows as bits. Copies share their pages, so a change costs a page at most, whatever the catalog's size.
struct RowSet: Sendable {
  private static let pageShift = 16
  private static let pageWordCount = (1 << pageShift) / 64

  /// 65,536 rows each; an empty page has no rows.
  private var pages: [[UInt64]] = []
  private(set) var count = 0

  func contains(_ row: Int) -> Bool {
    let page = row >> Self.pageShift
    guard page < pages.count, !pages[page].isEmpty else { return false }
    return pages[page][row >> 6 & (Self.pageWordCount - 1)] >> UInt64(row & 63) & 1 == 1
  }

  mutating func insert(_ row: Int) {
    let page = row >> Self.pageShift
    while pages.count <= page { pages.append([]) }
    if pages[page].isEmpty { pages[page] = Array(repeating: 0, count: Self.pageWordCount) }
    let (word, bit) = (row >> 6 & (Self.pageWordCount - 1), UInt64(1) << UInt64(row & 63))
    guard pages[page][word] & bit == 0 else { return }
    pages[page][word] |= bit
    count += 1
  }
}
