import Atomics
import Events
import Foundation

/// The time of day; what the clocks of all rooms are when no other is given.
///
/// A process that plays a simulated period sets it: it then goes on from there at the usual pace, and can be put forward,
/// never back.
public enum WallClock {
  /// Milliseconds that the clock is ahead of the machine's.
  private static let lead = ManagedAtomic<Milliseconds>(0)

  /// Milliseconds since 1970 UTC.
  @Sendable public static func now() -> Milliseconds {
    machineTime() + lead.load(ordering: .relaxed)
  }

  /// Sets the clock, to any time; before anything has read it.
  public static func start(at time: Milliseconds) {
    lead.store(time - machineTime(), ordering: .relaxed)
  }

  /// Puts the clock forward to `time`, unless it is past that.
  public static func advance(to time: Milliseconds) {
    let wanted = time - machineTime()
    var current = lead.load(ordering: .relaxed)
    while current < wanted {
      let (isDone, original) = lead.weakCompareExchange(expected: current, desired: wanted, ordering: .relaxed)
      if isDone { return }
      current = original
    }
  }

  private static func machineTime() -> Milliseconds {
    Milliseconds((Date().timeIntervalSince1970 * 1000).rounded(.down))
  }
}
