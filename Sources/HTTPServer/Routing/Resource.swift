import HTTPTypes

/// All methods of one pattern.
final class Resource: Sendable {
  let endpoints: [Endpoint]
  /// The value of Allow.
  let allow: String
  /// The methods that other origins may use, for a preflight's answer; nil when there are none.
  let corsMethods: String?

  init(_ endpoints: [Endpoint]) {
    self.endpoints = endpoints
    var methods = endpoints.map(\.route.method.rawValue)
    if methods.contains("GET"), !methods.contains("HEAD") { methods.append("HEAD") }
    if !methods.contains("OPTIONS") { methods.append("OPTIONS") }
    allow = methods.sorted().joined(separator: ", ")
    let shared = endpoints.filter(\.route.cors).map(\.route.method.rawValue)
    corsMethods = shared.isEmpty ? nil : shared.sorted().joined(separator: ", ")
  }

  /// The endpoint for a method; GET's stands in for HEAD.
  func endpoint(_ method: RequestHead.Method) -> Endpoint? {
    endpoints.first { $0.method == method } ?? (method == .head ? endpoints.first { $0.method == .get } : nil)
  }
}
