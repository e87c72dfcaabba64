/// Where a decision came from, and so what its events may count for.
public enum Traffic: String, Sendable, Codable, CaseIterable {
  /// A page view: counts, is billed and trains.
  case live
  /// A trial request: its events are kept and never counted.
  case dryRun = "dry_run"
  /// The system's own check of the loop: its events are kept and never count as business.
  case probe
  /// Imported from elsewhere: trains, is not billed.
  case history
}
