import Foundation
import HTTPTypes
import Locking
import Logging

@testable import HTTPServer

/// A server on a free port with a few routes, and what tests need to steer it.
final class TestServer: Sendable {
  let server: Server
  let addresses: [BoundAddress]
  /// Responders of `/held` that wait to be released, in the order of the requests.
  let held = Locked<[(String, Responder)]>([])
  let arrived = DispatchSemaphore(value: 0)
  /// Lets one request to `/gate` go on, which holds the event loop until then.
  let gate = DispatchSemaphore(value: 0)

  init(middleware: [Middleware] = [], _ change: (inout Configuration) -> Void = { _ in }) throws {
    var configuration = Configuration()
    configuration.port = 0
    configuration.eventLoopCount = 1
    configuration.deadlines.tickMilliseconds = 5
    change(&configuration)
    let (held, arrived, gate) = (held, arrived, gate)
    let hold = Handler.deferred { request, responder in
      held.withLock { $0.append((request.queryValue("n") ?? "", responder)) }
      arrived.signal()
    }
    let text = String(repeating: "all work and no play ", count: 500)
    let router = Router(
      routes: [
        Route(.get, "/healthz", name: "healthz", isAlwaysServed: true, handler: .immediate { _ in .text("ok") }),
        Route(.get, "/items/{id}", name: "item", cors: true, handler: .immediate { .text($0.parameters["id"]!) }),
        Route(.get, "/items/first", name: "first", handler: .immediate { _ in .text("the first") }),
        Route(.get, "/text", name: "text", handler: .immediate { _ in .text(text) }),
        Route(
          .get, "/large", name: "large",
          handler: .immediate { _ in Response(status: .ok, body: Array(repeating: 120, count: 4_000_000)) }),
        Route(.get, "/who", name: "who", handler: .immediate { .text($0.peerAddress) }),
        Route(.get, "/fails", name: "fails", handler: .immediate { _ in throw CancellationError() }),
        Route(.get, "/drops", name: "drops", handler: .deferred { _, _ in }),
        Route(
          .get, "/gate", name: "gate",
          handler: .immediate { _ in
            arrived.signal()
            gate.wait()
            return .text("through")
          }),
        Route(
          .post, "/slow", name: "slow",
          handler: .immediate { request in
            arrived.signal()
            gate.wait()
            return .text("\(request.body.count)")
          }),
        Route(.get, "/held", name: "held", handler: hold),
        Route(
          .post, "/echo", name: "echo", cors: true, accepts: ["text/plain", "application/json"],
          handler: .immediate { .text(String(decoding: $0.body, as: UTF8.self)) }),
        Route(.post, "/any", name: "any", handler: .immediate { .text("\($0.body.count)") }),
      ], middleware: middleware, openAPI: OpenAPI(title: "test", version: "1"))
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    server = try Server(configuration: configuration, router: router, logger: logger)
    addresses = try server.start()
  }

  func client(receiveBytes: Int32? = nil) throws -> RawClient {
    try RawClient(addresses[0], receiveBytes: receiveBytes)
  }

  /// Sends one request on a connection of its own and returns the answer.
  func ask(_ text: String) throws -> RawClient.Answer? {
    let client = try client()
    client.send(text)
    return client.answer(toHead: text.hasPrefix("HEAD"))
  }

  /// Runs the test and stops the server, whatever the test came to.
  static func with(
    middleware: [Middleware] = [], _ change: (inout Configuration) -> Void = { _ in },
    _ test: (TestServer) async throws -> Void
  ) async throws {
    let server = try TestServer(middleware: middleware, change)
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await test(server)) } catch { outcome = .failure(error) }
    server.held.withLock { $0 = [] }
    await server.server.drain(deadlineSeconds: 0)
    try outcome.get()
  }
}
