/// Why one event of a call was not taken.
struct RejectedEvent: Error, Equatable {
  /// What it fails at, as a label in metrics.
  enum Cause: String, CaseIterable {
    /// It isn't an event as /log takes it.
    case malformed
    /// Its token is none, or of another system.
    case token
    /// Its token comes from a dry run.
    case dryRun = "dry_run"
    /// Its time is none, or can't be.
    case time
  }

  let cause: Cause
  /// What is wrong and what to do.
  let reason: String

  init(_ cause: Cause, _ reason: String) {
    self.cause = cause
    self.reason = reason
  }
}
