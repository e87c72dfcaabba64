import Dispatch
import Locking

extension Collection where Index == Int, Element: Sendable, Self: Sendable {
  /// The same as `map`, on all processors at once.
  func concurrentMap<Result: Sendable>(_ transform: @Sendable (Element) -> Result) -> [Result] {
    let results = Locked([Result?](repeating: nil, count: count))
    withoutActuallyEscaping(transform) { transform in
      DispatchQueue.concurrentPerform(iterations: count) { index in
        let result = transform(self[startIndex + index])
        results.withLock { $0[index] = result }
      }
    }
    return results.withLock { $0.compactMap { $0 } }
  }
}
