/// What became of one appended event.
public enum AppendFate: Sendable, Equatable {
  /// It is durable, at this place of the log.
  case stored(offset: Int64)
  /// An equal event was stored before, or with this batch: it counts once. Of this copy the log keeps a note only.
  case duplicate
}
