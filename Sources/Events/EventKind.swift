/// What happened. The raw value is stored in the log: it never changes its meaning.
public enum EventKind: UInt8, Sendable, CaseIterable {
  /// The ad was on screen.
  case impression = 1
  /// The ad was clicked.
  case click = 2
  /// Something of value happened after a click.
  case conversion = 3
  /// One imported row: an impression whose label is known.
  case history = 4
  /// A sampled decision with all its candidates, as JSON.
  case decision = 5
  /// A model went live, as JSON `{"model","action":"promoted"|"rolled_back","reason","who"}`.
  case promotion = 6
  /// An experiment was changed, as JSON `{"experiment","action","who","why",…}`.
  case experimentChange = 7
  /// The catalog was changed, as JSON.
  case catalogChange = 8
  /// A model was registered or judged, as JSON of its row in the `models` view.
  case model = 9
  /// Nothing happened for a while: its receive time lets the join close windows, as a function of the log alone.
  case clock = 10
  /// What was asked for and filled in a minute, by context and model, as JSON.
  case traffic = 11
  /// A server started, as JSON of its version, settings, features and catalog.
  case start = 12
  /// An alert was raised, fired or ended, as JSON of its name, state, times and reason.
  case alert = 13
  /// One more copy of an event that the log has, as JSON of an ``EventCopy``.
  case duplicate = 16
  /// The events of a person were erased, as JSON of an ``ErasureRecord``.
  case erasure = 17
  /// A row of the log that this release can't read: damaged, or written by a later one. Never appended.
  case unreadable = 0

  /// True for the kinds that are about one served ad; the others carry a JSON payload.
  public var isAboutServedAd: Bool {
    (EventKind.impression.rawValue...EventKind.history.rawValue).contains(rawValue)
  }

  /// Name in metrics and reports, in snake case.
  public var label: String {
    switch self {
    case .experimentChange: "experiment_change"
    case .catalogChange: "catalog_change"
    default: "\(self)"
    }
  }
}
