import Events
import Foundation

/// The time of day; what the room's clocks are when no other is given.
public enum WallClock {
  /// Milliseconds since 1970 UTC.
  @Sendable public static func now() -> Milliseconds {
    Milliseconds((Date().timeIntervalSince1970 * 1000).rounded(.down))
  }
}
