import HTTPTypes

/// One method on one pattern, and all that the server has to know about it.
public struct Route: Sendable {
  public var method: HTTPRequest.Method
  /// Segments are literal or `{name}`, which takes one whole segment that isn't empty: `/models/{id}`. A literal wins.
  public var pattern: String
  /// Names the route in metrics, logs and the OpenAPI document; unique.
  public var name: String
  /// Whether pages of other origins may call it.
  public var cors: Bool
  /// The media types a body may have, in lower case; others get 415, a missing length 411; a body of
  /// no declared type is let through. Empty: no body is asked for.
  public var accepts: [String]
  /// Whether it is answered under overload and beyond a client's rate, as health checks must be.
  public var isAlwaysServed: Bool
  public var documentation: Documentation
  public var handler: Handler

  public init(
    _ method: HTTPRequest.Method, _ pattern: String, name: String, cors: Bool = false, accepts: [String] = [],
    isAlwaysServed: Bool = false, documentation: Documentation = Documentation(), handler: Handler
  ) {
    self.method = method
    self.pattern = pattern
    self.name = name
    self.cors = cors
    self.accepts = accepts
    self.isAlwaysServed = isAlwaysServed
    self.documentation = documentation
    self.handler = handler
  }
}
