import Foundation
import HTTPTypes
import Locking
import Testing

@testable import HTTPServer

@Suite("the parts of the server")
struct PartTests {
  @Test("requests made for tests go through the same parser")
  func request() throws {
    let request = try Request(
      method: .post, target: "/a%2Fb/c?x=1+2&y&x=%C3%A9&=z",
      fields: [.contentType: "Text/Plain ; charset=x", .accept: "a"],
      body: [1])
    #expect(request.path == "/a/b/c")
    #expect(
      request.query == [
        QueryItem(name: "x", value: "1 2"), QueryItem(name: "y", value: ""), QueryItem(name: "x", value: "é"),
        QueryItem(name: "", value: "z"),
      ])
    #expect(request.queryValue("x") == "1 2")
    #expect(request.queryValue("no") == nil)
    #expect(request.contentType == "text/plain")
    #expect(request.head.headerFields[.accept] == "a")
    #expect(request.head.authority == "localhost" && request.head.path == "/a%2Fb/c?x=1+2&y&x=%C3%A9&=z")
    #expect(throws: Problem.self) { try Request(target: "/a b") }
    #expect(throws: Problem.self) { try Request(target: "/?x=%ff") }
  }

  @Test("a deadline comes neither early nor more than a tick late, however it is moved")
  func wheel() throws {
    var generator = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: 0...UInt64.max, using: &generator)
    var random = Seeded(state: seed)
    let loop = try EventLoop(
      label: "test", tickMilliseconds: 10, routeMetrics: RouteMetrics(prefix: "t", routes: []))
    var wheel = TimerWheel(tickMilliseconds: 10, now: 0)
    let channels = (0..<50).map { _ in Channel(descriptor: 0, loop: loop) }
    var due = [Int: UInt64]()
    for now in stride(from: UInt64(0), to: 60_000, by: 7) {
      for channel in wheel.advance(to: now) {
        let index = try #require(channels.firstIndex { $0 === channel })
        let removed = due.removeValue(forKey: index)
        let deadline = try #require(removed, "seed \(seed)")
        #expect(deadline <= now && now < deadline + 10 + 7 + 1, "seed \(seed)")
      }
      let index = Int.random(in: 0..<50, using: &random)
      if Int.random(in: 0..<10, using: &random) == 0 {
        wheel.cancel(channels[index])
        due[index] = nil
      } else {
        due[index] = now + UInt64.random(in: 1...15_000, using: &random)
        wheel.schedule(channels[index], at: due[index]!)
      }
    }
    #expect(due.values.allSatisfy { $0 > 59_900 }, "seed \(seed)")
  }

  @Test("dates are written as RFC 9110 has them")
  func date() {
    #expect(DateLine.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(DateLine.text(951_782_400) == "Tue, 29 Feb 2000 00:00:00 GMT")
  }

  @Test("believes proxies that it trusts, and only them")
  func proxies() throws {
    let clients = try ClientAddresses(trustedProxies: ["10.0.0.0/8", "2001:db8::/32", "unix"])
    func client(_ peer: String, _ fields: HTTPFields) throws -> String {
      try clients.client(of: Peer(address: IPAddress(peer), text: peer), Request(target: "/", fields: fields).parsed)
    }
    let forwardedFor = HTTPField.Name("X-Forwarded-For")!
    let forwarded = HTTPField.Name("Forwarded")!
    #expect(try client("192.0.2.1", [forwardedFor: "1.1.1.1"]) == "192.0.2.1")
    #expect(try client("10.1.1.1", [forwardedFor: "1.1.1.1"]) == "1.1.1.1")
    #expect(try client("10.1.1.1", [forwardedFor: "6.6.6.6, 1.1.1.1, 10.2.2.2"]) == "1.1.1.1")
    #expect(try client("10.1.1.1", [forwardedFor: "1.1.1.1, nonsense"]) == "10.1.1.1")
    #expect(try client("10.1.1.1", [forwardedFor: "1.1.1.1:99"]) == "1.1.1.1")
    #expect(try client("unix", [forwarded: "for=1.1.1.1;proto=http, For=\"[2001:db8::7]:80\""]) == "1.1.1.1")
    #expect(try client("2001:db8::1", [forwarded: "for=\"[2001:dead::7]\""]) == "2001:dead::7")
    #expect(try client("10.1.1.1", [:]) == "10.1.1.1")
    for text in ["10.0.0.0/33", "x", "10.0.0.0/", "::/129", "1.2.3.4/8/9"] {
      #expect(throws: (any Error).self) { try ClientAddresses(trustedProxies: [text]) }
    }
  }

  @Test("a bucket holds its burst, refills by time, and the table stays within its limit")
  func rateLimiter() {
    var configuration = Configuration.RateLimit()
    configuration.requestsPerSecondMax = 2
    configuration.burstCount = 3
    configuration.clientsMax = 2
    let limiter = RateLimiter(configuration)
    let second: UInt64 = 1_000_000_000
    for _ in 0..<3 { #expect(limiter.take("1.1.1.1", at: 10 * second) == nil) }
    #expect(limiter.take("1.1.1.1", at: 10 * second) == 1)
    #expect(limiter.take("1.1.1.1", at: 10 * second + second / 2) == nil)
    #expect(limiter.take("1.1.1.1", at: 10 * second + second / 2) == 1)
    #expect(limiter.take("2001:db8::1", at: 10 * second + second / 2) == nil)
    for client in ["3.3.3.3", "4.4.4.4", "5.5.5.5"] {
      #expect(limiter.take(client, at: 10 * second + second / 2) == nil)
    }
    #expect(limiter.take("6.6.6.6", at: 10 * second + second / 2) == 1)
    for _ in 0..<3 { #expect(limiter.take("6.6.6.6", at: 20 * second) == nil) }
  }

  @Test("settings that are left out keep their defaults, and an unknown one is named")
  func configuration() throws {
    let decoder = JSONDecoder()
    var expected = Configuration()
    expected.port = 1
    expected.limits.bodyBytesMax = 5
    #expect(
      try decoder.decode(Configuration.self, from: Data(#"{"port":1,"limits":{"bodyBytesMax":5}}"#.utf8)) == expected)
    let all = try JSONEncoder().encode(expected)
    #expect(try decoder.decode(Configuration.self, from: all) == expected)
    let error = #expect(throws: DecodingError.self) {
      try decoder.decode(Configuration.self, from: Data(#"{"limits":{"bodyByteMax":5}}"#.utf8))
    }
    #expect("\(try #require(error))".contains("bodyByteMax"))
  }

  @Test("refuses settings that make no sense, and names them")
  func validation() throws {
    func message(_ change: (inout Configuration) -> Void) -> String {
      var configuration = Configuration()
      change(&configuration)
      do {
        try configuration.validate()
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(message { _ in }.isEmpty)
    #expect(message { $0.port = 70_000 }.contains("port"))
    #expect(message { $0.limits.connectionsMax = 0 }.contains("limits.connectionsMax"))
    #expect(message { $0.deadlines.writeSeconds = .nan }.contains("deadlines.writeSeconds"))
    #expect(message { $0.deadlines.idleSeconds = -1 }.contains("deadlines.idleSeconds"))
    #expect(message { $0.accessLogShare = 2 }.contains("accessLogShare"))
    #expect(message { $0.compression.gzipLevel = 10 }.contains("compression.gzipLevel"))
  }

  @Test("describes its routes as OpenAPI 3.1")
  func openAPI() throws {
    let route = Route(
      .post, "/things/{id}", name: "change", accepts: ["application/json"],
      documentation: Documentation(
        summary: "s", answers: [.init(200, "done", content: ["application/json": ["type": "object"]])],
        needsBearerToken: true), handler: .immediate { _ in .text("") })
    let data = Data(OpenAPI(title: "t", version: "2").document([route]))
    let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
    let operation = try #require(paths["/things/{id}"]?["post"])
    #expect(operation["operationId"] as? String == "change")
    #expect((operation["parameters"] as? [[String: Any]])?.first?["name"] as? String == "id")
    #expect(Set((operation["responses"] as? [String: Any] ?? [:]).keys) == ["200", "default"])
    #expect(operation["security"] != nil && operation["requestBody"] != nil)
  }

  @Test("a responder answers once, and with 500 when it is dropped")
  func responder() {
    let answers = Locked<[Int]>([])
    do {
      let responder = Responder { response in answers.withLock { $0.append(response.status.code) } }
      responder(.text("a"))
      responder(Problem(.notFound, detail: ""))
    }
    #expect(answers.withLock { $0 } == [200])
    do { _ = Responder { response in answers.withLock { $0.append(response.status.code) } } }
    #expect(answers.withLock { $0 } == [200, 500])
  }

  @Test("takes sockets that systemd hands over to this process only")
  func systemd() {
    #expect(Systemd.sockets(["LISTEN_PID": "1", "LISTEN_FDS": "2"]).isEmpty)
    #expect(Systemd.sockets(["LISTEN_FDS": "2"]).isEmpty)
    #expect(Systemd.sockets(["LISTEN_PID": "\(getpid())", "LISTEN_FDS": "x"]).isEmpty)
  }
}

/// SplitMix64.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
