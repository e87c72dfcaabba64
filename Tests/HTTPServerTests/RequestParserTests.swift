import Testing

@testable import HTTPServer

@Suite("the request parser")
struct RequestParserTests {
  /// Feeds the bytes up to each of the ends in turn.
  private func parse(_ text: String, ends: [Int]? = nil, limits: ParserLimits = .init()) -> Result<
    RequestHead?, ParseFailure
  > {
    let bytes = Array(text.unicodeScalars.map { UInt8($0.value) })
    var parser = RequestParser(limits: limits)
    for end in ends ?? [bytes.count] {
      var outcome: Result<Int?, ParseFailure> = .success(nil)
      bytes.withUnsafeBytes { all in
        do throws(ParseFailure) {
          outcome = .success(try parser.parse(UnsafeRawBufferPointer(rebasing: all[..<end])))
        } catch {
          outcome = .failure(error)
        }
      }
      switch outcome {
      case .failure(let failure): return .failure(failure)
      case .success(.some): return .success(parser.head)
      case .success(nil): continue
      }
    }
    return .success(nil)
  }

  private func status(_ text: String, limits: ParserLimits = .init()) -> Int {
    switch parse(text, limits: limits) {
    case .failure(let failure): failure.status
    case .success(let head): head == nil ? 0 : 200
    }
  }

  private static let plain = "GET /a%20b?x=1 HTTP/1.1\r\nHost: example.org\r\nX-One:  two \t\r\nX-one: three\r\n\r\n"

  @Test("takes a request apart wherever it is split")
  func everySplit() throws {
    let count = Self.plain.utf8.count
    for split in 1..<count {
      let head = try #require(try parse(Self.plain, ends: [split, count]).get(), "split at \(split)")
      #expect(head.method == .get)
      #expect(head.string(head.path) == "/a%20b")
      #expect(head.string(head.query) == "x=1")
      #expect(head.string(head.authority) == "example.org")
      #expect(head.value(of: "x-one".utf8) == "two, three")
      #expect(head.framing == .none)
      #expect(head.keepsAlive)
    }
    #expect(try parse(Self.plain, ends: Array(1...count)).get() != nil)
    #expect(try parse(Self.plain, ends: Array(1..<count)).get() == nil)
  }

  @Test(
    "refuses a bad request line",
    arguments: [
      ("GET  / HTTP/1.1", 400), ("GET /  HTTP/1.1", 400), (" GET / HTTP/1.1", 400), ("GET\t/ HTTP/1.1", 400),
      ("GET / HTTP/1.1 ", 400), ("GET /", 400), ("GET", 400), ("G(T / HTTP/1.1", 400), ("GET / http/1.1", 400),
      ("GET / HTTP/1.10", 400), ("GET / HTTP/11", 400), ("GET / HTTP/x.1", 400), ("GET / HTTP/2.0", 505),
      ("GET / HTTP/0.9", 505), ("PRI * HTTP/2.0", 505), ("GET /a b HTTP/1.1", 400), ("GET /#f HTTP/1.1", 400),
      ("GET /<a> HTTP/1.1", 400), ("GET /%zz HTTP/1.1", 400), ("GET /%4 HTTP/1.1", 400), ("GET /\u{e9} HTTP/1.1", 400),
      ("GET a HTTP/1.1", 400), ("GET * HTTP/1.1", 400), ("GET http:// HTTP/1.1", 400),
      ("GET http://u@h/ HTTP/1.1", 400), ("GET ftp://h/ HTTP/1.1", 400), ("BREW / HTTP/1.1", 501),
      ("get / HTTP/1.1", 501), ("CONNECT h:80 HTTP/1.1", 501), ("GET /\\ HTTP/1.1", 400),
      ("GET /a\u{7f} HTTP/1.1", 400),
      ("GET / HTTP/1.1", 200), ("GET / HTTP/1.9", 200), ("GET / HTTP/1.0", 200), ("OPTIONS * HTTP/1.1", 200),
      ("GET http://h:1/p?q HTTP/1.1", 200), ("GET HTTPS://h HTTP/1.1", 200), ("GET /?a=[b]|{c} HTTP/1.1", 200),
      ("GET //x HTTP/1.1", 200), ("TRACE / HTTP/1.1", 200),
    ])
  func requestLine(line: String, expected: Int) {
    #expect(status("\(line)\r\nHost: h\r\n\r\n") == expected)
  }

  @Test(
    "refuses bad fields",
    arguments: [
      ("Host : h", 400), (" Host: h", 400), ("Host: h\r\n x", 400), ("Host: h\r\n\tx: y", 400), (": h", 400),
      ("Host", 400), ("Host: h\r\nHost: h", 400), ("X: y", 400), ("Host: ", 400), ("Host: a b", 400),
      ("Host: h@i", 400), ("Host: h/", 400), ("Host: h:99999", 400), ("Host: h:x", 400), ("Host: [::1", 400),
      ("Host: h\r\nA\u{e9}: b", 400), ("Host: h\r\nX: a\0b", 400), ("Host: h\nX: y", 400), ("Host: h\rX: y", 400),
      ("Host: h\r\nX: \u{1}", 400), ("Host: h\r\nX: \u{7f}", 400), ("Host: h\r\nX(: y", 400),
      ("Host: h\r\n\"X\": y", 400),
      ("Host: h\r\nX: \u{e9}", 200), ("Host: h\r\nX:", 200), ("Host: [::1]:80", 200), ("Host: h:", 200),
      ("hOST:h", 200), ("Host: 192.0.2.1:8080", 200), ("Host: h\r\nExpect: x", 417),
      ("Host: h\r\nExpect: 100-Continue", 200),
    ])
  func fields(lines: String, expected: Int) {
    #expect(status("GET / HTTP/1.1\r\n\(lines)\r\n\r\n") == expected)
  }

  @Test(
    "refuses every doubtful framing",
    arguments: [
      ("Content-Length: 5\r\nTransfer-Encoding: chunked", 400), ("Content-Length: 5\r\nContent-Length: 5", 400),
      ("Content-Length: 5\r\nContent-Length: 6", 400), ("Content-Length: 5, 5", 400), ("Content-Length: +5", 400),
      ("Content-Length: -5", 400), ("Content-Length: 0x5", 400), ("Content-Length: 5.0", 400),
      ("Content-Length: 5 5", 400), ("Content-Length:", 400), ("Content-Length: 99999999999999999999", 413),
      ("Content-Length: 18446744073709551621", 413), ("Content-Length: 9000000", 413), ("Content-Length : 5", 400),
      ("Content-Length\t: 5", 400), ("Transfer-Encoding: gzip", 400), ("Transfer-Encoding: gzip, chunked", 501),
      ("Transfer-Encoding: chunked, gzip", 400), ("Transfer-Encoding: chunked, chunked", 400),
      ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400), ("Transfer-Encoding: xchunked", 400),
      ("Transfer-Encoding: chunked;a=b", 400), ("Transfer-Encoding: \"chunked\"", 400), ("Transfer-Encoding:", 400),
      ("Transfer-Encoding: ,chunked", 400), ("Transfer-Encoding: identity", 400),
      ("Transfer-Encoding: \u{b}chunked", 400),
      ("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", 501), ("Transfer-Encoding:\r\n chunked", 400),
      ("Transfer-Encoding: Chunked", 200), ("Content-Length: 5", 200), ("Content-Length: 0005", 200),
      ("Transfer_Encoding: chunked\r\nContent-Length: 3", 200),
    ])
  func framing(lines: String, expected: Int) {
    #expect(status("POST / HTTP/1.1\r\nHost: h\r\n\(lines)\r\n\r\n") == expected)
  }

  @Test("speaks HTTP/1.0: no Host needed, no chunks, closes unless asked not to")
  func version10() throws {
    #expect(status("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400)
    #expect(try parse("GET / HTTP/1.0\r\n\r\n").get()?.keepsAlive == false)
    #expect(try parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").get()?.keepsAlive == true)
    #expect(try parse("GET / HTTP/1.1\r\nHost: h\r\nConnection: a, CLOSE\r\n\r\n").get()?.keepsAlive == false)
    #expect(try parse("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").get()?.expectsContinue == false)
  }

  @Test("the authority of an absolute target wins over Host")
  func absolute() throws {
    let head = try #require(try parse("GET http://one:1?q HTTP/1.1\r\nHost: two\r\n\r\n").get())
    #expect(head.string(head.authority) == "one:1")
    #expect(head.path.range.isEmpty)
    #expect(head.string(head.query) == "q")
  }

  @Test("holds every limit at its last byte and refuses the next one")
  func limits() {
    var limits = ParserLimits()
    limits.targetBytesMax = 20
    limits.headerBytesMax = 60
    limits.headerFieldsMax = 3
    func target(_ count: Int) -> String {
      "GET /\(String(repeating: "a", count: count - 1)) HTTP/1.1\r\nHost: h\r\n\r\n"
    }
    #expect(status(target(20), limits: limits) == 200)
    #expect(status(target(21), limits: limits) == 414)
    #expect(status("GET /\(String(repeating: "a", count: 100))", limits: limits) == 414)
    func field(_ count: Int) -> String {
      "GET / HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "a", count: count))\r\n\r\n"
    }
    #expect(status(field(60 - 9 - 3 - 2 - 2), limits: limits) == 200)
    #expect(status(field(60 - 9 - 3 - 2 - 2 + 1), limits: limits) == 431)
    #expect(status("GET / HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "a", count: 90))", limits: limits) == 431)
    #expect(status("GET / HTTP/1.1\r\nHost: h\r\na:b\r\na:b\r\n\r\n", limits: limits) == 200)
    #expect(status("GET / HTTP/1.1\r\nHost: h\r\na:b\r\na:b\r\na:b\r\n\r\n", limits: limits) == 431)
  }

  @Test("refuses a bad byte as soon as it comes, and skips empty lines before a request")
  func early() {
    #expect(status("GET / HTTP/1.1\n") == 400)
    #expect(status("\u{16}\u{3}\u{1}") == 400)
    #expect(status("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n") == 200)
    #expect(status("\nGET / HTTP/1.1\r\nHost: h\r\n\r\n") == 400)
  }
}
