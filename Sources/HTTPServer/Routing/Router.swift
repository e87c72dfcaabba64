import HTTPTypes

/// The table of routes. From it come the handler of a request, 404, 405 with Allow, OPTIONS, and the OpenAPI document.
public struct Router: Sendable {
  let tree: RouteTree
  let endpoints: [Endpoint]
  let middleware: [Middleware]

  /// - Parameters:
  ///   - middleware: `admit` runs in this order, `finish` in the opposite one.
  ///   - openAPI: when given, the router itself answers `GET /openapi.json`.
  /// - Precondition: no two routes share method and pattern, or a name.
  public init(routes: [Route], middleware: [Middleware] = [], openAPI: OpenAPI? = nil) {
    let routes = routes + (openAPI.map { [$0.route(for: routes)] } ?? [])
    endpoints = routes.enumerated().map { Endpoint($1, index: $0) }
    precondition(Set(routes.map(\.name)).count == routes.count, "two routes share a name")
    tree = RouteTree(endpoints)
    self.middleware = middleware
  }

  /// Where a request goes.
  enum Destination {
    case endpoint(Endpoint, Resource, parameters: [String: String])
    /// OPTIONS on a resource that leaves it to the server; nil for `OPTIONS *`.
    case options(Resource?)
    case methodNotAllowed(Resource)
    case notFound
  }

  func destination(_ head: RequestHead) -> Destination {
    if head.method == .options, head.path.range.isEmpty { return .options(nil) }
    let path = head.path.range.isEmpty ? [UInt8(ascii: "/")][...] : head.bytes[head.path.range]
    guard let (resource, parameters) = tree.resource(path) else { return .notFound }
    if let endpoint = resource.endpoint(head.method) {
      return .endpoint(endpoint, resource, parameters: parameters)
    }
    return head.method == .options ? .options(resource) : .methodNotAllowed(resource)
  }
}
