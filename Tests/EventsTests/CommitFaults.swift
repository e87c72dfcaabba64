import GRDB
import Locking
import Statistics

/// Lets commits of a database fail at random, after all has been written, as a disk does that can't sync.
final class CommitFaults: TransactionObserver, Sendable {
  struct Fault: Error {}

  private let failureShare: Double
  private let state: Locked<(generator: SeededGenerator, failureCount: Int)>

  init(seed: UInt64, failureShare: Double) {
    self.failureShare = failureShare
    state = Locked((SeededGenerator(seed: seed), 0))
  }

  var failureCount: Int { state.withLock { $0.failureCount } }

  func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }

  func databaseDidChange(with event: DatabaseEvent) {}

  func databaseWillCommit() throws {
    try state.withLock { state in
      guard Double.random(in: 0..<1, using: &state.generator) < failureShare else { return }
      state.failureCount += 1
      throw Fault()
    }
  }

  func databaseDidCommit(_ db: Database) {}

  func databaseDidRollback(_ db: Database) {}
}
