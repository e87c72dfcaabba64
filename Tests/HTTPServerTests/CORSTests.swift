import Testing

@testable import HTTPServer

@Suite("Pages of other origins")
struct CORSTests {
  @Test("lets pages of other origins call what is marked so, and nothing else")
  func cors() async throws {
    try await TestServer.with { server in
      let preflight = "HTTP/1.1\r\nHost: h\r\nOrigin: http://a\r\nAccess-Control-Request-Method: POST\r\n\r\n"
      let allowed = try #require(try server.ask("OPTIONS /echo \(preflight)"))
      #expect(allowed.status == 204 && allowed.fields["access-control-allow-origin"] == "*")
      #expect(allowed.fields["access-control-allow-methods"] == "POST")
      #expect(allowed.fields["access-control-allow-headers"]?.contains("Content-Type") == true)
      #expect(try server.ask("OPTIONS /text \(preflight)")?.fields["access-control-allow-origin"] == nil)
      #expect(try server.ask(post("x", "Origin: http://a\r\n"))?.fields["access-control-allow-origin"] == "*")
      let refused = try #require(try server.ask(post("x", "Origin: http://a\r\n", type: "image/png")))
      #expect(refused.status == 415 && refused.fields["access-control-allow-origin"] == "*")
      #expect(
        try server.ask("GET /text HTTP/1.1\r\nHost: h\r\nOrigin: http://a\r\n\r\n")?.fields["vary"] == "Accept-Encoding"
      )
    }
    try await TestServer.with { server in
      for text in [
        "GET /nope HTTP/1.1\r\nHost: h\r\nOrigin: http://a\r\n\r\n",
        "PUT /echo HTTP/1.1\r\nHost: h\r\nOrigin: http://a\r\n\r\n",
        "GET /echo?%zz HTTP/1.1\r\nHost: h\r\nOrigin: http://a\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: h\r\nOrigin: http://a\r\nContent-Length: 99999999\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: h\r\nOrigin: http://a\r\nContent-Type: text/plain\r\n"
          + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
      ] {
        let answer = try server.ask(text)
        #expect(answer?.fields["access-control-allow-origin"] == "*", "\(text)")
      }
    }
    try await TestServer.with({ $0.cors.allowedOrigins = ["http://a"] }) { server in
      let mine = try #require(try server.ask(post("x", "Origin: http://a\r\n")))
      #expect(mine.fields["access-control-allow-origin"] == "http://a" && mine.fields["vary"] == "Origin")
      #expect(try server.ask(post("x", "Origin: http://b\r\n"))?.fields["access-control-allow-origin"] == nil)
    }
  }

  @Test("a browser's preflight, as Chromium sends it, lets the request that follows pass")
  func preflight() async throws {
    try await TestServer.with { server in
      let preflight = """
        OPTIONS /echo HTTP/1.1
        Host: 127.0.0.1:9101
        Connection: keep-alive
        Accept: */*
        Access-Control-Request-Method: POST
        Access-Control-Request-Headers: content-type
        Origin: http://127.0.0.1:9100
        User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36
        Sec-Fetch-Mode: cors
        Sec-Fetch-Site: same-site
        Sec-Fetch-Dest: empty
        Referer: http://127.0.0.1:9100/
        Accept-Encoding: gzip, deflate, br, zstd
        Accept-Language: en-US,en;q=0.9


        """
      let answer = try #require(try server.ask(preflight.replacing("\n", with: "\r\n")))
      #expect(answer.status == 204)
      #expect(answer.fields["access-control-allow-origin"] == "*")
      #expect(answer.fields["access-control-allow-methods"] == "POST")
      #expect(answer.fields["access-control-allow-headers"]?.lowercased().contains("content-type") == true)
    }
  }
}
