import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A website's view of a running server: the public HTTP contract and nothing else.
///
/// Safe from any task; connections are kept alive and shared.
public struct AdLoopClient: Sendable {
  private let base: URL
  private let session: URLSession

  /// A client of the server at `base`, with at most `connectionCountMax` connections.
  public init(base: URL, connectionCountMax: Int = 8, timeoutSeconds: Double = 10) {
    self.base = base
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpMaximumConnectionsPerHost = connectionCountMax
    configuration.timeoutIntervalForRequest = timeoutSeconds
    configuration.httpCookieStorage = nil
    configuration.urlCache = nil
    session = URLSession(configuration: configuration)
  }

  /// What a page needs of the answer of /rank.
  public struct Decision: Decodable, Sendable {
    public var decision: String
    public var model: String
    public var ads: [Ad]

    public struct Ad: Decodable, Sendable {
      public var slot: Int
      public var ad: String
      public var ctr: Double
      public var price: Double
      public var token: String
    }
  }

  /// The answer of /log.
  public struct Receipt: Decodable, Sendable {
    public var accepted: Int
    public var duplicates: Int
    public var rejected: [Rejection]

    public struct Rejection: Decodable, Sendable {
      public var index: Int
      public var reason: String
    }
  }

  /// One event for /log.
  public struct Report: Encodable, Sendable {
    public var event: String
    public var token: String
    public var id: String?
    public var value: Double?
    public var time: String?

    public init(_ event: String, token: String, id: String? = nil, value: Double? = nil, time: String? = nil) {
      self.event = event
      self.token = token
      self.id = id
      self.value = value
      self.time = time
    }
  }

  /// Asks for the ads of one page view.
  public func rank(
    user: String, context: [String: String], headers: [String: String] = [:]
  ) async throws -> Decision {
    let body = try JSONEncoder().encode(RankBody(user: user, context: context))
    return try JSONDecoder().decode(Decision.self, from: try await post("/rank", body, headers))
  }

  /// Reports what happened; returns when the server has made it durable.
  public func log(_ reports: [Report]) async throws -> Receipt {
    try JSONDecoder().decode(Receipt.self, from: try await post("/log", try JSONEncoder().encode(reports), [:]))
  }

  /// The text of /metrics.
  public func metrics() async throws -> String {
    String(decoding: try await send(URLRequest(url: url("/metrics"))), as: UTF8.self)
  }

  private struct RankBody: Encodable {
    var user: String
    var context: [String: String]
  }

  private func post(_ path: String, _ body: Data, _ headers: [String: String]) async throws -> Data {
    var request = URLRequest(url: url(path))
    request.httpMethod = "POST"
    request.httpBody = body
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    return try await send(request)
  }

  private func url(_ path: String) -> URL {
    base.appendingPathComponent(path)
  }

  private func send(_ request: URLRequest) async throws -> Data {
    let path = request.url?.path ?? ""
    let (data, response): (Data, URLResponse)
    do { (data, response) = try await session.data(for: request) } catch {
      throw ClientError(
        "\(path): no answer from \(base.absoluteString) (\(error.localizedDescription)); is the server up?")
    }
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    guard status == 200 else {
      throw ClientError("\(path) answered \(status): \(String(decoding: data.prefix(500), as: UTF8.self))")
    }
    return data
  }
}

/// What went wrong between a client and the server.
public struct ClientError: Error, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}
