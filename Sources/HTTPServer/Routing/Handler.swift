/// How a route answers.
public enum Handler: Sendable {
  /// Runs on the connection's event loop and must be quick: every other connection of that loop waits for it.
  case immediate(@Sendable (Request) throws -> Response)
  /// Returns at once and answers later, from any thread, through the responder.
  case deferred(@Sendable (Request, Responder) -> Void)
}
