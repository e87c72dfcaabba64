/// What every request of a router goes through. Both halves run on the connection's event loop and must be quick.
public struct Middleware: Sendable {
  /// Runs when the head has arrived and before its body is read, so a request that is refused here never uploads.
  /// It throws a `Problem` to refuse. The route is nil when there is none for the path or the method: what is refused here
  /// doesn't learn which.
  public var admit: @Sendable (Request, Route?) throws -> Void
  /// Runs on every answer of the route, refusals included, before it is sent.
  public var finish: @Sendable (Request, Route, inout Response) -> Void

  public init(
    admit: @escaping @Sendable (Request, Route?) throws -> Void = { _, _ in },
    finish: @escaping @Sendable (Request, Route, inout Response) -> Void = { _, _, _ in }
  ) {
    self.admit = admit
    self.finish = finish
  }
}
