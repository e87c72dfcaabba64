import Locking
import Synchronization

/// How often each value of a field occurred, counted in the serving process without a lock.
///
/// Keeps at most `valuesMax` distinct values, first come, first kept; the rest counts as "other", so text from requests
/// can't make it grow. Name the values that are known beforehand to keep their places from being taken.
///
/// Values are told apart by a 64-bit hash with a secret seed: two of 1,000 values share a count once in 10¹³ processes.
public final class CategoricalDistribution: Sendable {
  /// Longest value kept, in bytes; longer ones count as other.
  public static let valueBytesMax = 128

  public let valuesMax: Int

  /// An open-addressing table at most half full: hashes (0: free) and counts. A slot never changes its hash.
  private let hashes: AtomicCounts
  private let counts: AtomicCounts
  private let slotMask: Int
  /// The values, by slot; the lock is taken only when a new value takes a slot.
  private let values = Locked<[Int: String]>([:])
  private let isFull = Atomic<Bool>(false)
  private let other = Atomic<UInt64>(0)

  /// - Parameters:
  ///   - known: values that have their place from the start, with count 0; those beyond `valuesMax` have none.
  ///   - valuesMax: the most distinct values, at least 1; memory is 32 to 64 bytes for each, plus the text.
  public init(known: [String] = [], valuesMax: Int = 256) {
    self.valuesMax = max(1, valuesMax)
    var slotCount = 2
    while slotCount < 2 * self.valuesMax { slotCount *= 2 }
    slotMask = slotCount - 1
    hashes = AtomicCounts(count: slotCount)
    counts = AtomicCounts(count: slotCount)
    for value in known { _ = newSlot(for: value, hash: Self.hash(value)) }
  }

  /// Counts `value` once. O(length); safe from any thread.
  public func observe(_ value: String) {
    guard value.utf8.count <= Self.valueBytesMax else { return countOther() }
    let hash = Self.hash(value)
    guard let slot = slot(of: hash).taken ?? newSlot(for: value, hash: hash) else {
      return countOther()
    }
    counts.increment(at: slot)
  }

  /// The counts so far. Values observed meanwhile may or may not be in it; none is lost to the next.
  public func snapshot() -> Snapshot {
    let slots = values.withLock { $0 }
    let named = slots.map { ($0.value, counts.load(at: $0.key)) }
    return Snapshot(counts: Dictionary(named) { $0 + $1 }, other: other.load(ordering: .relaxed))
  }

  private func countOther() { other.wrappingAdd(1, ordering: .relaxed) }

  /// The slot that has `hash`, else the free slot where it would go.
  private func slot(of hash: UInt64) -> (taken: Int?, free: Int) {
    var slot = Int(truncatingIfNeeded: hash) & slotMask
    while true {
      let found = hashes.load(at: slot)
      if found == hash { return (slot, slot) }
      if found == 0 { return (nil, slot) }
      slot = (slot + 1) & slotMask
    }
  }

  /// Takes a slot for a value that was seen to have none; nil when there are `valuesMax` already.
  private func newSlot(for value: String, hash: UInt64) -> Int? {
    if isFull.load(ordering: .relaxed) { return nil }
    return values.withLock { values in
      let (taken, free) = slot(of: hash)
      if let taken { return taken }
      guard values.count < valuesMax else { return nil }
      values[free] = value
      hashes.store(hash, at: free)
      isFull.store(values.count == valuesMax, ordering: .relaxed)
      return free
    }
  }

  private static func hash(_ value: String) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(value)
    return max(1, UInt64(bitPattern: Int64(hasher.finalize())))
  }
}
