import HTTPTypes

/// A route of a router, ready to be found.
final class Endpoint: Sendable {
  let route: Route
  let method: RequestHead.Method
  /// The place of this route's metrics; see `ServerMetrics`.
  let index: Int

  init(_ route: Route, index: Int) {
    guard let method = RequestHead.Method(rawValue: route.method.rawValue) else {
      preconditionFailure("route \(route.name): the server doesn't know the method \(route.method.rawValue)")
    }
    self.route = route
    self.method = method
    self.index = index
  }
}
