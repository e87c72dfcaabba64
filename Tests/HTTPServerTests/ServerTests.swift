import Foundation
import HTTPTypes
import Locking
import Testing

@testable import HTTPServer

@Suite("a server on a real socket")
struct ServerTests {
  private let get = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"

  @Test("answers one request after another on one connection")
  func keepAlive() async throws {
    try await TestServer.with { server in
      let client = try server.client()
      for _ in 0..<3 {
        client.send(get)
        let answer = try #require(client.answer())
        #expect(answer.status == 200)
        #expect(answer.body == "ok")
        #expect(answer.fields["connection"] == nil)
        #expect(answer.fields["date"]?.hasSuffix(" GMT") == true)
      }
      client.send("GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      #expect(client.answer()?.fields["connection"] == "close")
      #expect(client.isClosed())
    }
  }

  @Test("answers a request that comes split at any byte")
  func everySplit() async throws {
    try await TestServer.with { server in
      let text =
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX: y\r\n\r\n"
      let bytes = Array(text.utf8)
      let client = try server.client()
      for split in 1..<bytes.count {
        client.send(Array(bytes[..<split]))
        client.send(Array(bytes[split...]))
        #expect(client.answer()?.body == "abcde", "split at \(split)")
      }
      for byte in bytes { client.send([byte]) }
      #expect(client.answer()?.body == "abcde")
    }
  }

  @Test("keeps the order of pipelined requests, whichever is answered first")
  func pipelining() async throws {
    try await TestServer.with { server in
      let client = try server.client()
      let requests = (0..<10).map { "GET /held?n=\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }
      client.send(requests.joined() + get)
      for _ in 0..<10 { server.arrived.wait() }
      let held = server.held.withLock { exchange(&$0, with: []) }
      for (number, responder) in held.reversed() { responder(.text(number)) }
      for number in 0..<10 { #expect(client.answer()?.body == "\(number)") }
      #expect(client.answer()?.body == "ok")
    }
  }

  @Test("answers far more pipelined requests than it holds at a time")
  func manyPipelined() async throws {
    try await TestServer.with({ $0.limits.pipelinedRequestsMax = 4 }) { server in
      let client = try server.client()
      client.send(String(repeating: get, count: 3000))
      for _ in 0..<3000 { #expect(client.answer()?.status == 200) }
      for number in 0..<9 { client.send("GET /held?n=\(number) HTTP/1.1\r\nHost: h\r\n\r\n") }
      for _ in 0..<4 { server.arrived.wait() }
      for number in 0..<9 {
        if number >= 4 { server.arrived.wait() }
        server.held.withLock { $0.removeFirst() }.1(.text("\(number)"))
        #expect(client.answer()?.body == "\(number)")
      }
    }
  }

  @Test(
    "gives every mistake its status, as a problem, and closes when the framing is in doubt",
    arguments: [
      ("GET /nope HTTP/1.1\r\nHost: h\r\n\r\n", 404, false), ("GET /healthz/ HTTP/1.1\r\nHost: h\r\n\r\n", 404, false),
      ("DELETE /healthz HTTP/1.1\r\nHost: h\r\n\r\n", 405, false), ("GET /%ff HTTP/1.1\r\nHost: h\r\n\r\n", 400, true),
      ("GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n", 400, true), ("GET /items%2f1 HTTP/1.1\r\nHost: h\r\n\r\n", 404, false),
      ("POST /echo HTTP/1.1\r\nHost: h\r\n\r\n", 411, false),
      ("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: image/png\r\nContent-Length: 1\r\n\r\nx", 415, false),
      ("POST /any HTTP/1.1\r\nHost: h\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx", 415, false),
      ("POST /any HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", 400, false),
      ("POST /any HTTP/1.1\r\nHost: h\r\nContent-Length: 8388609\r\n\r\n", 413, true),
      ("POST /any HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, true),
      ("POST /any HTTP/1.1\r\nHost: h\r\nExpect: later\r\nContent-Length: 1\r\n\r\n", 417, true),
      ("POST /any HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx", 400, true),
      ("GET /healthz HTTP/3.0\r\n\r\n", 505, true), ("MAKE /healthz HTTP/1.1\r\n\r\n", 501, true),
      ("QUERY /healthz HTTP/1.1\r\nHost: h\r\n\r\n", 405, false),
      ("GET /fails HTTP/1.1\r\nHost: h\r\n\r\n", 500, false), ("GET /drops HTTP/1.1\r\nHost: h\r\n\r\n", 500, false),
      ("GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\n", 414, true),
      ("GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 70_000))\r\n", 431, true),
    ])
  func mistakes(text: String, status: Int, closes: Bool) async throws {
    try await TestServer.with { server in
      let client = try server.client()
      client.send(text)
      let answer = try #require(client.answer())
      #expect(answer.status == status)
      #expect(answer.fields["content-type"] == "application/problem+json")
      #expect(answer.body.contains("\"status\":\(status)") && !answer.body.contains("\"title\":\"\""))
      #expect((answer.fields["connection"] == "close") == closes)
      if closes {
        #expect(client.isClosed())
      } else {
        client.send(get)
        #expect(client.answer()?.body == "ok")
      }
    }
  }

  @Test("answers HEAD like GET without the body, OPTIONS and 405 with Allow")
  func methods() async throws {
    try await TestServer.with { server in
      let head = try #require(try server.ask("HEAD /healthz HTTP/1.1\r\nHost: h\r\n\r\n"))
      #expect(head.status == 200 && head.fields["content-length"] == "2" && head.body.isEmpty)
      for text in ["HEAD /healthz HTTP/1.1\r\n\r\n", "HEAD /%ff HTTP/1.1\r\nHost: h\r\n\r\n"] {
        let client = try server.client()
        client.send(text)
        #expect(client.answer(toHead: true)?.status == 400)
        #expect(client.isClosed())
      }
      let options = try #require(try server.ask("OPTIONS /healthz HTTP/1.1\r\nHost: h\r\n\r\n"))
      #expect(options.status == 204 && options.fields["allow"] == "GET, HEAD, OPTIONS")
      #expect(options.fields["content-length"] == nil)
      #expect(try server.ask("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n")?.status == 204)
      #expect(try server.ask("PUT /echo HTTP/1.1\r\nHost: h\r\n\r\n")?.fields["allow"] == "OPTIONS, POST")
      #expect(try server.ask("GET /items/a%2fb HTTP/1.1\r\nHost: h\r\n\r\n")?.body == "a/b")
      #expect(try server.ask("GET /items/first HTTP/1.1\r\nHost: h\r\n\r\n")?.body == "the first")
      #expect(try server.ask("GET http://x/healthz HTTP/1.1\r\nHost: h\r\n\r\n")?.body == "ok")
      #expect(try server.ask("GET /openapi.json HTTP/1.1\r\nHost: h\r\n\r\n")?.body.contains("\"3.1.0\"") == true)
      let old = try #require(try server.ask("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
      #expect(old.fields["connection"] == "keep-alive")
      #expect(try server.ask("GET /healthz HTTP/1.0\r\n\r\n")?.fields["connection"] == "close")
    }
  }

  @Test("asks for an expected body only when it wants it")
  func expectation() async throws {
    try await TestServer.with { server in
      let head = "HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\n"
      let client = try server.client()
      client.send("POST /echo \(head)Content-Length: 2\r\n\r\n")
      #expect(client.answer()?.status == 100)
      client.send("hi")
      #expect(client.answer()?.body == "hi")
      client.send("POST /nope \(head)Content-Length: 2\r\n\r\n")
      let refused = try #require(client.answer())
      #expect(refused.status == 404 && refused.fields["connection"] == "close")
      #expect(client.isClosed())
      #expect(try server.ask("POST /echo \(head)Content-Length: 99999999\r\n\r\n")?.status == 413)
    }
  }

  @Test("reads past the body of a refused request and goes on")
  func refusedBody() async throws {
    try await TestServer.with { server in
      let client = try server.client()
      client.send(post("hello", path: "/nope") + get)
      #expect(client.answer()?.status == 404)
      #expect(client.answer()?.body == "ok")
    }
  }

  @Test("answers a client that has ended its side, and tells one that ended too early")
  func halfClosed() async throws {
    try await TestServer.with { server in
      let client = try server.client()
      client.send("GET /held HTTP/1.1\r\nHost: h\r\n\r\n" + get)
      client.endOutput()
      server.arrived.wait()
      server.held.withLock { $0.removeFirst() }.1(.text("late"))
      #expect(client.answer()?.body == "late")
      #expect(client.answer()?.body == "ok")
      #expect(client.isClosed())
      for text in ["GET / HT", "POST /any HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx"] {
        let client = try server.client()
        client.send(text)
        client.endOutput()
        #expect(client.answer()?.status == 400)
        #expect(client.isClosed())
      }
      let silent = try server.client()
      silent.endOutput()
      #expect(silent.isClosed())
    }
  }

  @Test("survives resets at any moment")
  func resets() async throws {
    try await TestServer.with { server in
      for text in [
        "", "GET", "POST /any HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx", get + get,
        "GET /large HTTP/1.1\r\nHost: h\r\n\r\n",
      ] {
        for _ in 0..<20 {
          let client = try server.client()
          client.send(text)
          client.reset()
        }
      }
      #expect(try server.ask(get)?.body == "ok")
    }
  }

  @Test("a large body holds up nobody else while its handler reads it")
  func largeBody() async throws {
    try await TestServer.with { server in
      let slow = try server.client()
      slow.send(post(String(repeating: "x", count: 200_000), path: "/slow"))
      server.arrived.wait()
      #expect(try server.ask(get)?.body == "ok")
      server.gate.signal()
      #expect(slow.answer()?.body == "200000")
      slow.send(get)
      #expect(slow.answer()?.body == "ok")
    }
  }

  @Test("middleware may refuse before the body is read and adds to every answer")
  func middleware() async throws {
    let guarded = Middleware(
      admit: { request, route in
        if route?.name == "any" || request.path.hasPrefix("/any/"), request.field(.authorization) != "Bearer x" {
          throw Problem(.unauthorized, detail: "no", fields: [.wwwAuthenticate: "Bearer"])
        }
      }, finish: { _, route, response in response.fields[.contentLanguage] = route.name })
    try await TestServer.with(middleware: [guarded]) { server in
      let refused = try #require(
        try server.ask("POST /any HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"))
      #expect(refused.status == 401 && refused.fields["www-authenticate"] == "Bearer")
      #expect(refused.fields["content-language"] == "any")
      #expect(try server.ask("POST /any HTTP/1.1\r\nHost: h\r\n\r\n")?.status == 401)
      #expect(try server.ask("GET /any/thing HTTP/1.1\r\nHost: h\r\n\r\n")?.status == 401)
      #expect(try server.ask(post("hello", "Authorization: Bearer x\r\n", path: "/any"))?.body == "5")
    }
  }

  @Test("answers health checks while 2,000 connections idle")
  func idleConnections() async throws {
    try await TestServer.with { server in
      let idle = try (0..<2000).map { _ in try server.client() }
      #expect(try server.ask(get)?.body == "ok")
      idle[1999].send(get)
      #expect(idle[1999].answer()?.body == "ok")
    }
  }

  @Test("serves IPv4 and IPv6 on one port", arguments: [["127.0.0.1", "::1"], ["0.0.0.0", "::"], ["::"]])
  func families(hosts: [String]) async throws {
    try await TestServer.with({ $0.hosts = hosts }) { server in
      let port = server.addresses[0].port
      #expect(server.addresses.allSatisfy { $0.port == port })
      let version4 = try await run("curl", "-s", "http://127.0.0.1:\(port)/who")
      #expect(version4 == "127.0.0.1")
      let version6 = try await run("curl", "-s", "-g", "http://[::1]:\(port)/who")
      #expect(version6 == "::1")
    }
  }

  @Test("serves a unix socket")
  func unixSocket() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "http-\(UUID().uuidString).sock").path
    try await TestServer.with({ $0.unixSocketPath = path }) { server in
      #expect(server.addresses.last?.unixSocketPath == path)
      let answer = try await run("curl", "-s", "--unix-socket", path, "http://localhost/who")
      #expect(answer == "unix")
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("curl uploads, downloads and reuses its connection")
  func curl() async throws {
    try await TestServer.with { server in
      let base = "http://\(server.addresses[0])"
      let body = String(repeating: "0123456789", count: 200_000)
      let file = FileManager.default.temporaryDirectory.appending(path: "http-\(UUID().uuidString).txt")
      try Data(body.utf8).write(to: file)
      defer { try? FileManager.default.removeItem(at: file) }
      #expect(
        try await run("curl", "-s", "-H", "Content-Type: text/plain", "--data-binary", "@\(file.path)", "\(base)/any")
          == "2000000")
      #expect(try await run("curl", "-s", "--compressed", "\(base)/text").count == 10_500)
      #expect(try await run("curl", "-s", "\(base)/healthz", "\(base)/items/7") == "ok7")
    }
  }
}

/// Runs a program and returns what it wrote.
func run(_ arguments: String...) async throws -> String { try await run(arguments) }

func run(_ arguments: [String]) async throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(decoding: output, as: UTF8.self)
}

/// A POST with its length.
func post(_ body: String, _ lines: String = "", path: String = "/echo", type: String = "text/plain") -> String {
  "POST \(path) HTTP/1.1\r\nHost: h\r\nContent-Type: \(type)\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
}
