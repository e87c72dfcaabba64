import Foundation
import HTTPTypes

/// An error that is an answer: RFC 9457, `application/problem+json`. A handler throws it; the server sends it.
public struct Problem: Error, Sendable {
  public var status: HTTPResponse.Status
  /// The same for every problem of this type.
  public var title: String
  /// What is wrong with this request and what to do, without data of other users.
  public var detail: String
  public var type: String
  /// Sent with the answer, for example Retry-After.
  public var fields: HTTPFields

  public init(
    _ status: HTTPResponse.Status, title: String? = nil, detail: String, type: String = "about:blank",
    fields: HTTPFields = [:]
  ) {
    self.status = status
    self.title = title ?? status.reasonPhrase
    self.detail = detail
    self.type = type
    self.fields = fields
  }

  init(_ failure: ParseFailure) {
    self.init(.standard(failure.status), detail: failure.detail)
  }

  static let nothingHere = Problem(.notFound, detail: "There is nothing here.")

  /// Returns the problem as it goes over the wire.
  public var response: Response {
    var fields = fields
    fields[.contentType] = "application/problem+json"
    fields[.cacheControl] = "no-store"
    return Response(status: status, fields: fields, body: body)
  }

  private struct Members: Encodable {
    var type: String
    var title: String
    var status: Int
    var detail: String
  }

  private var body: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let members = Members(type: type, title: title, status: status.code, detail: detail)
    return (try? encoder.encode(members)).map(Array.init) ?? Array("{}".utf8)
  }
}
