import Foundation
import HTTPTypes
import Locking
import Testing

@testable import HTTPServer

@Suite("deadlines and limits on a real socket")
struct DeadlineTests {
  private let get = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"

  @Test("cuts off a client that drips its header, and tells it 408")
  func slowHeader() async throws {
    try await TestServer.with({ $0.deadlines.headerSeconds = 0.05 }) { server in
      let client = try server.client()
      client.send("GET / HTTP/1.1\r\nX: ")
      #expect(client.answer()?.status == 408)
      #expect(client.isClosed())
      #expect(try server.client().isClosed())
    }
  }

  @Test("cuts off a client that drips its body, and tells it 408")
  func slowBody() async throws {
    try await TestServer.with({ $0.deadlines.bodySeconds = 0.05 }) { server in
      let client = try server.client()
      client.send("POST /any HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nx")
      #expect(client.answer()?.status == 408)
      #expect(client.isClosed())
    }
  }

  @Test("closes an idle connection without a word")
  func idle() async throws {
    try await TestServer.with({ $0.deadlines.idleSeconds = 0.05 }) { server in
      let client = try server.client()
      client.send(get)
      #expect(client.answer()?.status == 200)
      #expect(client.isClosed())
    }
  }

  @Test("cuts off a client that doesn't read")
  func slowReader() async throws {
    try await TestServer.with({ $0.deadlines.writeSeconds = 0.05 }) { server in
      let client = try server.client(receiveBytes: 4096)
      client.send(get)
      #expect(client.answer()?.status == 200)
      client.send(String(repeating: "GET /large HTTP/1.1\r\nHost: h\r\n\r\n", count: 4))
      while server.server.connectionCount > 0 { await Task.yield() }
      #expect(client.answer()?.status != 200 || client.answer() == nil)
    }
  }

  @Test("a slow reader that keeps reading gets everything, in order")
  func patientReader() async throws {
    try await TestServer.with { server in
      let client = try server.client(receiveBytes: 4096)
      client.send(get)
      #expect(client.answer()?.status == 200)
      client.send(String(repeating: "GET /large HTTP/1.1\r\nHost: h\r\n\r\n", count: 5) + get)
      for _ in 0..<5 { #expect(client.answer()?.body.utf8.count == 4_000_000) }
      #expect(client.answer()?.body == "ok")
    }
  }

  @Test("answers 503 for a handler that doesn't, and forgets its late answer")
  func slowHandler() async throws {
    try await TestServer.with({ $0.deadlines.handlerSeconds = 0.05 }) { server in
      let client = try server.client()
      client.send("GET /held HTTP/1.1\r\nHost: h\r\n\r\n")
      let answer = try #require(client.answer())
      #expect(answer.status == 503 && answer.fields["retry-after"] == "1")
      server.held.withLock { $0.removeFirst() }.1(.text("late"))
      #expect(client.isClosed())
      #expect(try server.ask(get)?.body == "ok")
    }
  }

  @Test("turns away connections beyond the limit with 503, and takes new ones when others have gone")
  func connections() async throws {
    try await TestServer.with({ $0.limits.connectionsMax = 2 }) { server in
      var clients = try (0..<2).map { _ in try server.client() }
      for client in clients {
        client.send(get)
        #expect(client.answer()?.status == 200)
      }
      let refused = try server.client()
      let answer = try #require(refused.answer())
      #expect(answer.status == 503 && answer.fields["retry-after"] == "1" && answer.fields["connection"] == "close")
      clients.removeAll()
      while server.server.connectionCount > 0 { await Task.yield() }
      #expect(try server.ask(get)?.status == 200)
    }
  }

  @Test("closes after the last request that a connection may make")
  func requestsPerConnection() async throws {
    try await TestServer.with({ $0.limits.requestsPerConnectionMax = 2 }) { server in
      let client = try server.client()
      client.send(get + get + get)
      #expect(client.answer()?.fields["connection"] == nil)
      #expect(client.answer()?.fields["connection"] == "close")
      #expect(client.isClosed())
    }
  }

  @Test("answers 503 when too many requests wait for handlers, but still answers health checks")
  func deferredRequests() async throws {
    try await TestServer.with({ $0.limits.deferredRequestsMax = 1 }) { server in
      let client = try server.client()
      client.send("GET /held HTTP/1.1\r\nHost: h\r\n\r\n")
      server.arrived.wait()
      #expect(try server.ask("GET /text HTTP/1.1\r\nHost: h\r\n\r\n")?.status == 503)
      #expect(try server.ask(get)?.status == 200)
      server.held.withLock { $0.removeFirst() }.1(.text("done"))
      #expect(client.answer()?.body == "done")
      #expect(try server.ask("GET /text HTTP/1.1\r\nHost: h\r\n\r\n")?.status == 200)
    }
  }

  @Test("answers 503 at once to a request that has waited too long for its turn, but still answers health checks")
  func overload() async throws {
    try await TestServer.with({ $0.limits.queueMilliseconds = 1 }) { server in
      let clients = try (0..<4).map { _ in try server.client() }
      func ask(_ client: RawClient, _ path: String) { client.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n") }
      ask(clients[0], "/gate")
      server.arrived.wait()
      ask(clients[1], "/gate")
      ask(clients[2], "/gate")
      ask(clients[3], "/healthz")
      server.gate.signal()
      server.arrived.wait()
      let asked = Clock.nanoseconds()
      while Clock.nanoseconds() < asked + 5_000_000 {}
      server.gate.signal()
      let statuses = clients.map { $0.answer()?.status }
      #expect(statuses[0] == 200 && statuses[3] == 200)
      #expect(Set(statuses[1...2]) == [200, 503])
    }
  }

  @Test("answers 503 when all bodies together are too large")
  func bodyMemory() async throws {
    try await TestServer.with({ $0.limits.bodyBytesTotalMax = 100 }) { server in
      let answer = try #require(
        try server.ask(
          "POST /any HTTP/1.1\r\nHost: h\r\nContent-Length: 101\r\n\r\n\(String(repeating: "x", count: 101))"))
      #expect(answer.status == 503 && answer.fields["retry-after"] == "1")
      #expect(try server.ask("POST /any HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")?.body == "5")
    }
  }

  @Test("gives each client its rate, and health checks theirs")
  func rateLimit() async throws {
    try await TestServer.with({
      $0.rateLimit.requestsPerSecondMax = 0.01
      $0.rateLimit.burstCount = 2
      $0.trustedProxies = ["127.0.0.0/8"]
    }) { server in
      let client = try server.client()
      func ask(_ path: String, _ address: String) -> RawClient.Answer? {
        client.send("GET \(path) HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 203.0.113.9, \(address)\r\n\r\n")
        return client.answer()
      }
      for _ in 0..<2 { #expect(ask("/who", "192.0.2.1")?.body == "192.0.2.1") }
      let refused = try #require(ask("/who", "192.0.2.1"))
      #expect(refused.status == 429 && refused.fields["retry-after"] == "100")
      #expect(ask("/who", "192.0.2.2")?.status == 200)
      #expect(ask("/healthz", "192.0.2.1")?.status == 200)
    }
  }

  @Test("drains: answers what is under way with Connection: close, then is gone")
  func drain() async throws {
    let server = try TestServer {
      $0.deadlines.idleSeconds = 3600
      $0.deadlines.handlerSeconds = 3600
    }
    let busy = try server.client()
    let idle = try server.client()
    idle.send(get)
    #expect(idle.answer()?.status == 200)
    busy.send("GET /held HTTP/1.1\r\nHost: h\r\n\r\n")
    server.arrived.wait()
    async let drained: Void = server.server.drain(deadlineSeconds: 3600)
    while (try? server.client()) != nil { await Task.yield() }
    #expect(idle.isClosed())
    server.held.withLock { $0.removeFirst() }.1(.text("done"))
    let answer = try #require(busy.answer())
    #expect(answer.body == "done" && answer.fields["connection"] == "close")
    #expect(busy.isClosed())
    await drained
    #expect(throws: (any Error).self) { try server.client() }
  }

  @Test("cuts off at the deadline of a drain what still isn't done")
  func drainDeadline() async throws {
    let server = try TestServer()
    let busy = try server.client()
    busy.send("GET /held HTTP/1.1\r\nHost: h\r\n\r\n")
    server.arrived.wait()
    await server.server.drain(deadlineSeconds: 0.01)
    #expect(busy.isClosed())
    #expect(server.server.connectionCount == 0)
    await server.server.drain(deadlineSeconds: 0.01)
    server.held.withLock { $0.removeFirst() }.1(.text("far too late"))
  }
}
