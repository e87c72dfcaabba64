import Locking

/// Counts events by key within one window of time, in bounded memory: a count-min sketch (Cormode and Muthukrishnan 2005).
///
/// A count is never too low. With w counters a row and n events in the window, it is too high by more than e·n/w with a
/// probability of at most e⁻⁴. When a window ends all counts begin at 0. Safe from any thread.
final class RateSketch: Sendable {
  private static let rowCount = 4

  private struct State {
    var window: Int64 = .min
    var counters: [UInt32]
  }

  private let width: Int
  private let state: Locked<State>

  /// A sketch of 4 rows of `counterCount` counters.
  init(counterCount: Int) {
    width = max(1, counterCount)
    state = Locked(State(counters: Array(repeating: 0, count: Self.rowCount * width)))
  }

  /// Counts one more event of the key whose hash is given, and returns how many the window has with it.
  func add(_ hash: Int, window: Int64) -> Int {
    let (low, high) = (UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32) | 1)
    let indices = (0..<Self.rowCount).map { row in
      row * width + Int((low &+ UInt32(row) &* high) % UInt32(clamping: width))
    }
    return state.withLock { state in
      if state.window != window {
        state.window = window
        for index in state.counters.indices { state.counters[index] = 0 }
      }
      // Conservative update: only the counters that hold the least are raised.
      let count = (indices.map { state.counters[$0] }.min() ?? 0) &+ 1
      for index in indices { state.counters[index] = max(state.counters[index], count) }
      return Int(count)
    }
  }
}
