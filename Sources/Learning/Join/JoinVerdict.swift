import Events

/// When an event happened and came.
struct Sighting {
  let time: Milliseconds
  let received: Milliseconds

  /// Whether the sender told the time; an event without one happened when it was received.
  var isTold: Bool { time != received }
}

/// What the join makes of a click or conversion that has found its impression.
struct JoinVerdict: Equatable {
  /// Why an event has its fate, in the column `reason`.
  enum Reason: String {
    /// Late: it lies further from its impression than the window.
    case window
    /// Late: its label was final before it came.
    case closed
    /// Invalid: it can't have happened then, see ``InvalidReason/timing``.
    case timing
  }

  let fate: JoinFate
  let reason: Reason?

  static let joined = JoinVerdict(fate: .joined, reason: nil)

  /// The verdict on `event` of an impression that `isOpen` or closed.
  ///
  /// - parameter delayMin: least time between the two for a person, if both times were told. If one was, clocks may differ
  ///   by `clockSkew`; if none was, the order of arrival says nothing.
  init(
    _ event: Sighting, of impression: Sighting, isOpen: Bool, window: Milliseconds, delayMin: Milliseconds,
    clockSkew: Milliseconds
  ) {
    let delay = event.time - impression.time
    let least: Milliseconds? =
      switch (event.isTold, impression.isTold) {
      case (true, true): delayMin
      case (false, false): nil
      default: -clockSkew
      }
    if let least, delay < least {
      self.init(fate: .invalid, reason: .timing)
    } else if abs(delay) > window {
      self.init(fate: .late, reason: .window)
    } else {
      self = isOpen ? .joined : JoinVerdict(fate: .late, reason: .closed)
    }
  }

  private init(fate: JoinFate, reason: Reason?) {
    self.fate = fate
    self.reason = reason
  }
}
