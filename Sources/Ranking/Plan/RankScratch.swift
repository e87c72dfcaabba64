import Foundation

/// The memory that one request works in.
final class RankScratch {
  /// Places a scan may return at once; small, so that the threshold rises early.
  static let hitCapacity = 192

  /// For each column and code, the part of the score that it stands for.
  let values: UnsafeMutableBufferPointer<Double>
  /// For each column, the best value of any code.
  var maxima: [Double]
  /// For each column and code, the deficit in steps.
  let tables: AlignedBytes
  /// Unmet conditions of each targeting rule.
  let unmet: UnsafeMutableBufferPointer<UInt8>
  let hits: UnsafeMutableBufferPointer<UInt32>
  /// For each term of each cross column, the list of the request's context, −1 for none.
  var lists: [[Int]]

  init(columnCount: Int, ruleCount: Int, termCounts: [Int]) {
    values = .allocate(capacity: columnCount * 256)
    values.initialize(repeating: 0)
    maxima = Array(repeating: 0, count: columnCount)
    tables = AlignedBytes(count: columnCount * 256)
    unmet = .allocate(capacity: ruleCount)
    unmet.initialize(repeating: 0)
    hits = .allocate(capacity: Self.hitCapacity)
    hits.initialize(repeating: 0)
    lists = termCounts.map { Array(repeating: -1, count: $0) }
  }

  /// The part of ``unmet`` for some rules.
  func unmet(_ rules: Range<Int>) -> UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(rebasing: unmet[rules])
  }

  deinit {
    values.deallocate()
    unmet.deallocate()
    hits.deallocate()
  }
}

/// Scratch memory for as many requests as run at the same time; safe from any thread.
final class ScratchPool: @unchecked Sendable {
  private let lock = NSLock()
  private var free: [RankScratch] = []
  private let make: @Sendable () -> RankScratch

  init(_ make: @escaping @Sendable () -> RankScratch) {
    self.make = make
  }

  func take() -> RankScratch { lock.withLock { free.popLast() } ?? make() }

  func give(_ scratch: RankScratch) { lock.withLock { free.append(scratch) } }
}
