import Locking
import Synchronization

/// How often each user has lately seen each campaign, in memory of a fixed size.
///
/// A count begins with an impression and ends a fixed time after it, so in any span of that length a user sees at most twice
/// the cap. Exact but for two cases: where a set of four places is full, the count that would end first is forgotten
/// (``evictionCount``), and two pairs whose 64-bit hashes are equal share a count. Asking takes no lock.
final class FrequencyTable: @unchecked Sendable {
  private static let wayCount = 4

  private struct Place: ~Copyable {
    /// 0 for none.
    let key = Atomic<UInt64>(0)
    /// Second in which the count ends, above it 16 bits of the count.
    let state = Atomic<UInt64>(0)
  }

  private let places: UnsafeMutablePointer<Place>
  private let setCount: Int
  private let writing = Locked(())
  private let evictions = Atomic<Int>(0)

  /// - parameter countMax: counts that fit, rounded up to whole sets.
  init(countMax: Int) {
    setCount = (countMax + Self.wayCount - 1) / Self.wayCount
    places = .allocate(capacity: setCount * Self.wayCount)
    for index in 0..<setCount * Self.wayCount { (places + index).initialize(to: Place()) }
  }

  deinit {
    places.deinitialize(count: setCount * Self.wayCount)
    places.deallocate()
  }

  /// Counts that were forgotten before their end.
  var evictionCount: Int { evictions.load(ordering: .relaxed) }

  /// Impressions of the pair with this hash in its current span; 0 when none has begun.
  func count(_ pair: StableHash, second: Int) -> Int {
    let key = Self.key(pair)
    for index in range(key) where places[index].key.load(ordering: .acquiring) == key {
      let state = places[index].state.load(ordering: .relaxed)
      return Self.end(state) > second ? Int(state >> 48) : 0
    }
    return 0
  }

  /// Counts an impression, and begins a span of `seconds` with it when none is under way.
  func add(_ pair: StableHash, second: Int, seconds: Int) {
    let key = Self.key(pair)
    writing.withLock { _ in
      let range = range(key)
      let found = range.first { places[$0].key.load(ordering: .relaxed) == key }
      let index = found ?? range.min { rank($0, second) < rank($1, second) }!
      let state = places[index].state.load(ordering: .relaxed)
      guard found == nil || Self.end(state) <= second else {
        let count = min(state >> 48 + 1, UInt64(UInt16.max))
        return places[index].state.store(count << 48 | UInt64(Self.end(state)), ordering: .relaxed)
      }
      if found == nil, Self.end(state) > second { evictions.add(1, ordering: .relaxed) }
      places[index].key.store(0, ordering: .releasing)
      places[index].state.store(1 << 48 | UInt64(second + seconds), ordering: .relaxed)
      places[index].key.store(key, ordering: .releasing)
    }
  }

  /// Which place is given up first: one whose count is over, then the one whose count ends first.
  private func rank(_ index: Int, _ second: Int) -> Int {
    max(Self.end(places[index].state.load(ordering: .relaxed)), second)
  }

  private func range(_ key: UInt64) -> Range<Int> {
    let start = Int(key % UInt64(setCount)) * Self.wayCount
    return start..<start + Self.wayCount
  }

  private static func key(_ pair: StableHash) -> UInt64 { max(pair.value, 1) }

  private static func end(_ state: UInt64) -> Int { Int(state & (1 << 48 - 1)) }
}
