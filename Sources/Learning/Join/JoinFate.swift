/// What the join made of an event.
public enum JoinFate: String, Sendable, Codable, CaseIterable {
  /// An impression or a control event: it has its row.
  case stored
  /// A click or conversion within the window of its impression.
  case joined
  /// A click or conversion outside of the window, or a click whose impression was closed before it came.
  case late
  /// A click or conversion whose impression hasn't come; it waits.
  case orphan
  /// It was counted before.
  case duplicate
  /// A late click within the window: the closed label 0 is known to be wrong now. Counted beside its fate `late`.
  case correction
  /// A control event whose payload is no JSON, or a row of the log that can't be read.
  case invalid
}
