import Events
import GRDB
import Learning

/// How far the latest probes have come: at each hop the decision time of the newest that reached it, 0 before the first.
struct ProbeProgress: Sendable, Equatable {
  /// Its impression is joined.
  var joined: Milliseconds = 0
  /// Its click found the impression: the example has its label.
  var example: Milliseconds = 0
  /// The trainer has evaluated the example.
  var evaluated: Milliseconds = 0

  /// Reads the store and asks the trainer.
  ///
  /// - parameter after: log offset below which nothing is looked at.
  init(_ store: Store, trainer: Trainer, after offset: Int64) throws {
    (joined, example) = try store.reader.read { db in
      let joined = "SELECT max(served_ms) FROM impressions WHERE traffic = 'probe' AND id > ?"
      let example = """
        SELECT max(served_ms) FROM clicks JOIN impressions ON impressions.id = impression_id
        WHERE clicks.traffic = 'probe' AND clicks.id > ?
        """
      return (
        try Milliseconds.fetchOne(db, sql: joined, arguments: [offset]) ?? 0,
        try Milliseconds.fetchOne(db, sql: example, arguments: [offset]) ?? 0
      )
    }
    if let sighting = trainer.lastProbeSeen, sighting.label {
      evaluated = DecisionID(hexadecimal: sighting.decision)?.time ?? 0
    }
  }
}
