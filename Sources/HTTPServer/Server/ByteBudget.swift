import Synchronization

/// A count of bytes with a limit, shared by all connections.
final class ByteBudget: Sendable {
  private let used = Atomic(0)
  let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// Changes the count and returns whether it is within the limit; it is changed either way.
  func change(by bytes: Int) -> Bool {
    used.add(bytes, ordering: .relaxed).newValue <= limit
  }

  var count: Int { used.load(ordering: .relaxed) }
}
