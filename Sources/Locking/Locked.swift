import Foundation

/// A value that is only reached under its lock, from any thread.
///
/// The lock is an `NSLock`, because the thread sanitizer can't see `Synchronization.Mutex`. It isn't recursive.
public final class Locked<Value>: @unchecked Sendable {
  @usableFromInline let lock = NSLock()
  @usableFromInline var value: Value

  public init(_ value: Value) {
    self.value = value
  }

  /// What `body` makes of the value, which nobody else touches meanwhile.
  @inlinable
  public func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
