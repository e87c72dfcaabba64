import Foundation
import HTTPTypes
import Testing

@testable import HTTPServer

@Suite("gzip")
struct GzipTests {
  @Test(
    "goes by the weights of Accept-Encoding",
    arguments: [
      ("gzip", true), ("GZip;q=0.5", true), ("deflate, gzip;q=1.0", true), ("*", true), ("x-gzip", true),
      ("gzip;q=0.5, identity;q=0.4", true), ("", false), ("br", false), ("gzip;q=0", false), ("gzip; q=0.000", false),
      ("gzip;q=0, *", false), ("*;q=0", false), ("gzip;q=0.2, identity;q=0.5", false), ("gzip;q=x", false),
      ("gzip;q=-1", false), ("gzip;q=1.5", false), ("identity", false),
    ])
  func acceptEncoding(value: String, expected: Bool) {
    #expect(AcceptEncoding(value).prefersGzip == expected)
  }

  @Test("gives back what went in, one member or several")
  func roundTrip() throws {
    for count in [0, 1, 100, 65536, 300_000] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
      let packed = try #require(Gzip.deflate(bytes, level: 6))
      #expect(try Gzip.inflate(packed, bytesMax: count) == bytes)
      #expect(try Gzip.inflate(packed + packed, bytesMax: 2 * count) == bytes + bytes)
    }
  }

  @Test("refuses a bomb before it bursts, and whatever is cut short or broken")
  func bombs() throws {
    let packed = try #require(Gzip.deflate([UInt8](repeating: 0, count: 50_000_000), level: 9))
    #expect(packed.count < 60_000)
    #expect(throws: Problem.self) { try Gzip.inflate(packed, bytesMax: 49_999_999) }
    for count in [0, 1, 9, packed.count / 2, packed.count - 1] {
      #expect(throws: Problem.self, "\(count)") { try Gzip.inflate(Array(packed[..<count]), bytesMax: 100_000_000) }
    }
    #expect(throws: Problem.self) { try Gzip.inflate(packed + [0], bytesMax: 100_000_000) }
  }

  @Test("compresses answers that are worth it and inflates bodies, over a socket")
  func socket() async throws {
    try await TestServer.with { server in
      let packed = try #require(
        try server.ask("HEAD /text HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n"))
      #expect(packed.fields["content-encoding"] == "gzip" && packed.fields["vary"] == "Accept-Encoding")
      #expect(Int(packed.fields["content-length"]!)! < 200)
      let small = try #require(try server.ask("GET /healthz HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n"))
      #expect(small.fields["content-encoding"] == nil)
      let body = try #require(Gzip.deflate(Array("hello".utf8), level: 6))
      let client = try server.client()
      client.send(
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Encoding: gzip\r\n")
      client.send("Content-Length: \(body.count)\r\n\r\n")
      client.send(body)
      client.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n")
      #expect(client.answer()?.body == "hello")
      #expect(client.answer()?.body == "ok")
    }
  }

  @Test("a bomb in a body is 413, and a large answer is compressed off the loop")
  func limits() async throws {
    try await TestServer.with({
      $0.limits.inflatedBytesMax = 100_000
      $0.compression.inlineBytesMax = 2000
    }) { server in
      let body = try #require(Gzip.deflate([UInt8](repeating: 0, count: 100_001), level: 6))
      let client = try server.client()
      client.send("POST /any HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n")
      client.send(body)
      #expect(client.answer()?.status == 413)
      client.send(
        "GET /text HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\nGET /healthz HTTP/1.1\r\nHost: h\r\n\r\n")
      #expect(client.answer()?.fields["content-encoding"] == "gzip")
      #expect(client.answer()?.body == "ok")
    }
  }
}
