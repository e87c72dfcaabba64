import Events

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
  /// A robot's, by its user agent.
  case bot
  /// Its decision was too old when it came.
  case expired
  /// Invalid traffic for another ``InvalidReason``, a control event whose payload is no JSON, or a row of the log that
  /// can't be read.
  case invalid

  /// The fate of events that never count for `reason`.
  init(_ reason: InvalidReason) {
    self =
      switch reason {
      case .userAgent: .bot
      case .expired: .expired
      case .userRate, .addressRate, .loadTest, .timing, .prefetch: .invalid
      }
  }

  /// The fates that events of a kind can have.
  static func possible(for kind: EventKind) -> [JoinFate] {
    switch kind {
    case .impression: [.stored, .duplicate, .bot, .expired, .invalid]
    case .click: [.joined, .late, .orphan, .duplicate, .correction, .bot, .expired, .invalid]
    case .conversion: [.joined, .late, .orphan, .duplicate, .bot, .expired, .invalid]
    case .history: [.stored, .duplicate]
    case .clock: [.stored]
    case .unreadable: [.invalid]
    // A copy counts under the kind of its event; a note that can't be read is invalid.
    case .duplicate: [.invalid]
    case .decision, .promotion, .experimentChange, .catalogChange, .model, .traffic, .start, .alert, .erasure:
      [.stored, .invalid]
    }
  }
}
