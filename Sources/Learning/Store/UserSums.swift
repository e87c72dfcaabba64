import Events
import GRDB

/// Keeps the sums behind the view `user_daily` in step with the join: what experiments are read from.
///
/// It has a cursor of its own, which moves in one transaction with the sums: a kill loses and doubles nothing, and memory is
/// that of one step, whatever the backlog. A click counts once both it and its impression are passed, in whichever order
/// they came. The sums are a function of the joined log: a rebuild makes the same ones.
public struct UserSums: Sendable {
  private let store: Store

  /// Offsets that are summed in one transaction.
  public static let stepOffsetCount: Int64 = 20_000

  public init(_ store: Store) {
    self.store = store
  }

  /// Sums what was joined since the last call, in at most `stepCountMax` transactions.
  public func catchUp(stepCountMax: Int = .max) throws {
    for _ in 0..<stepCountMax {
      if try step() { return }
    }
  }

  /// Sums the next rows; true when there is no more.
  func step(offsetCount: Int64 = stepOffsetCount) throws -> Bool {
    try store.writer.writeWithoutTransaction { db in
      var isCaughtUp = false
      try db.inTransaction(.immediate) {
        let joined = try JoinCursor.load(db).offset
        let start = try Int64.fetchOne(db, sql: "SELECT summed_through FROM user_sum_cursor") ?? 0
        let end = min(joined, start + offsetCount)
        if end > start {
          var step = UserSumStep(db, after: start, through: end)
          try step.run()
          try db.execute(sql: "UPDATE user_sum_cursor SET summed_through = ?", arguments: [end])
        }
        isCaughtUp = end >= joined
        return .commit
      }
      return isCaughtUp
    }
  }
}
