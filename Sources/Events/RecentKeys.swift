/// The latest keys, of bounded memory: at least `countMin` of them, at most twice as many.
///
/// Two generations: when the younger is full, the elder is forgotten and they change places.
struct RecentKeys {
  private let countMin: Int
  private var young = Set<UInt128>()
  private var old = Set<UInt128>()

  init(countMin: Int) {
    self.countMin = max(1, countMin)
  }

  func contains(_ key: UInt128) -> Bool {
    young.contains(key) || old.contains(key)
  }

  mutating func insert(_ key: UInt128) {
    if young.count >= countMin {
      swap(&young, &old)
      young.removeAll(keepingCapacity: true)
    }
    young.insert(key)
  }
}
