import Synchronization

/// A fixed number of 64-bit counts that any thread may add to without a lock.
///
/// Each count is exact; reading several while others add gives counts of slightly different instants.
final class AtomicCounts: @unchecked Sendable {
  private let slots: UnsafeMutableBufferPointer<Atomic<UInt64>>

  init(count: Int) {
    slots = .allocate(capacity: count)
    for index in 0..<count { slots.initializeElement(at: index, to: Atomic(0)) }
  }

  deinit {
    slots.deinitialize()
    slots.deallocate()
  }

  func increment(at index: Int) { slots[index].wrappingAdd(1, ordering: .relaxed) }

  func load(at index: Int) -> UInt64 { slots[index].load(ordering: .acquiring) }

  func store(_ value: UInt64, at index: Int) { slots[index].store(value, ordering: .releasing) }

  func loadAll() -> [UInt64] { slots.indices.map { slots[$0].load(ordering: .relaxed) } }
}
