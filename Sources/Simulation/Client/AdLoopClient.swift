import Catalog
import Events
import Foundation

/// A website's view of a running server: the public HTTP contract and nothing else, over one connection.
public final class AdLoopClient: AdServing {
  private let address: HTTPAddress
  private let connection: HTTPConnection
  private let adminToken: String?

  /// Tells a server that follows simulated time what time it is, in milliseconds since 1970 UTC.
  public static let timeHeaderName = "AdLoop-Time"
  /// Page views whose requests are under way at the same time; a server takes at least so many of one connection.
  static let pipelinedRequestCountMax = 32
  /// How often the same events are sent to a server that can't store them now.
  private static let logAttemptCountMax = 30
  private static let retrySeconds = 1.0

  /// A client of the server at `url`; it connects with the first call.
  ///
  /// - parameter timeoutSeconds: how long the server may be silent.
  /// - throws: ``ClientError`` when `url` is no address of plain HTTP.
  public init(url: String, timeoutSeconds: Double = 10, adminToken: String? = nil) throws(ClientError) {
    address = try HTTPAddress(url)
    connection = HTTPConnection(address, timeoutSeconds: timeoutSeconds)
    self.adminToken = adminToken
  }

  public func rank(_ views: [PageView]) throws -> [RankAnswer?] {
    var answers: [RankAnswer?] = []
    for first in stride(from: 0, to: views.count, by: Self.pipelinedRequestCountMax) {
      let part = views[first..<min(first + Self.pipelinedRequestCountMax, views.count)]
      let requests = part.map { view in
        request("POST", "/rank", view.time.map { [(Self.timeHeaderName, String($0))] } ?? [], ClientJSON.body(view))
      }
      for answer in try connection.exchange(requests) {
        answers.append(
          answer.status == 503 || answer.status == 429 ? nil : try ClientJSON.rank(checked(answer, "/rank")))
      }
    }
    return answers
  }

  /// The ads for one page view, with header fields of its own.
  ///
  /// - throws: ``ClientError`` also when the server is too busy.
  public func rank(_ view: PageView, headers: [(String, String)]) throws -> RankAnswer {
    try ClientJSON.rank(call("POST", "/rank", headers: headers, body: ClientJSON.body(view)))
  }

  public func log(_ events: [EventMessage], time: Milliseconds?) throws -> LogAnswer {
    let headers = time.map { [(Self.timeHeaderName, String($0))] } ?? []
    let request = request("POST", "/log", headers, ClientJSON.body(events))
    for attempt in 1... {
      let answer = try connection.exchange([request])[0]
      if answer.status == 503, attempt < Self.logAttemptCountMax {
        Thread.sleep(forTimeInterval: Self.retrySeconds)
        continue
      }
      return try ClientJSON.receipt(answer.status == 400 ? answer.body : checked(answer, "/log"))
    }
    return LogAnswer()
  }

  /// Returns when the server is ready for traffic.
  ///
  /// - throws: ``ClientError`` when it can't be reached or isn't ready, with what it says.
  public func checkReadiness() throws {
    _ = try call("GET", "/readyz")
  }

  /// The text of /metrics.
  public func metrics() throws -> String {
    String(decoding: try call("GET", "/metrics"), as: UTF8.self)
  }

  /// Any call; the body of its answer.
  ///
  /// - throws: ``ClientError`` when the answer isn't a success.
  func call(
    _ method: String, _ path: String, headers: [(String, String)] = [], mediaType: String = "application/json",
    body: [UInt8] = []
  ) throws -> ArraySlice<UInt8> {
    try checked(connection.exchange([request(method, path, headers, body, mediaType)])[0], path)
  }

  private func checked(_ answer: HTTPAnswer, _ path: String) throws(ClientError) -> ArraySlice<UInt8> {
    guard (200..<300).contains(answer.status) else {
      throw ClientError(
        "\(path) answered \(answer.status): \(String(decoding: answer.body.prefix(500), as: UTF8.self))")
    }
    return answer.body
  }

  private func request(
    _ method: String, _ path: String, _ headers: [(String, String)], _ body: [UInt8],
    _ mediaType: String = "application/json"
  ) -> [UInt8] {
    var head = "\(method) \(address.pathPrefix)\(path) HTTP/1.1\r\nHost: \(address.authority)\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    if let adminToken, path.hasPrefix("/admin") { head += "Authorization: Bearer \(adminToken)\r\n" }
    if method != "GET" { head += "Content-Type: \(mediaType)\r\nContent-Length: \(body.count)\r\n" }
    return Array((head + "\r\n").utf8) + body
  }
}
