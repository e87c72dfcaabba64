import HTTPTypes

/// One response. The server adds Date, Content-Length, Connection and, where they belong, CORS and Content-Encoding.
public struct Response: Sendable {
  public var status: HTTPResponse.Status
  public var fields: HTTPFields
  public var body: [UInt8]

  public init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  public static func json(_ body: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
    Response(status: status, fields: jsonFields, body: body)
  }

  public static func text(_ body: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(status: status, fields: textFields, body: Array(body.utf8))
  }

  private static let jsonFields: HTTPFields = [.contentType: "application/json"]
  private static let textFields: HTTPFields = [.contentType: "text/plain; charset=utf-8"]
}
