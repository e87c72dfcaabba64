import Events

/// The moment at which a user may open a page.
struct Arrival: Comparable {
  let time: Milliseconds
  let user: Int
  /// Pages still to come in the visit; `nil` when it has yet to be decided whether the user comes at all.
  let remainingPageCount: Int?

  static func < (left: Arrival, right: Arrival) -> Bool { (left.time, left.user) < (right.time, right.user) }
}

/// An event on its way to the server.
struct PendingEvent: Comparable {
  let time: Milliseconds
  /// Ascends in the order in which the events arose.
  let number: Int
  let message: EventMessage

  static func < (left: PendingEvent, right: PendingEvent) -> Bool {
    (left.time, left.number) < (right.time, right.number)
  }

  static func == (left: PendingEvent, right: PendingEvent) -> Bool {
    (left.time, left.number) == (right.time, right.number)
  }
}
