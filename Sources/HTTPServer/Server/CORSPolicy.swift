import HTTPTypes

/// Answers for pages of other origins (the Fetch standard, 3.2). Credentials are never allowed.
struct CORSPolicy: Sendable {
  private let origins: Set<String>
  private let headers: String
  private let maxAge: String

  init(_ configuration: Configuration.CORS) {
    origins = Set(configuration.allowedOrigins)
    headers = configuration.allowedHeaders.joined(separator: ", ")
    maxAge = "\(configuration.maxAgeSeconds)"
  }

  /// Adds to an answer what lets the origin of the request read it; without a request only what all origins may read.
  func decorate(_ fields: inout HTTPFields, for request: Request?) {
    let origin = request?.field(.origin)
    if request != nil, origin == nil { return }
    if origins.contains("*") {
      fields[.accessControlAllowOrigin] = "*"
    } else {
      fields.append(HTTPField(name: .vary, value: "Origin"))
      if let origin, origins.contains(origin) { fields[.accessControlAllowOrigin] = origin }
    }
  }

  /// Returns the answer to OPTIONS on a resource: a preflight's when it is one.
  func options(_ resource: Resource?, for request: Request) -> Response {
    var fields: HTTPFields = [.allow: resource?.allow ?? "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"]
    if let methods = resource?.corsMethods, request.field(.origin) != nil,
      request.field(.accessControlRequestMethod) != nil
    {
      decorate(&fields, for: request)
      fields[.accessControlAllowMethods] = methods
      fields[.accessControlAllowHeaders] = headers
      fields[.accessControlMaxAge] = maxAge
      fields.append(HTTPField(name: .vary, value: "Access-Control-Request-Method, Access-Control-Request-Headers"))
    }
    return Response(status: .noContent, fields: fields)
  }
}
