import Testing

@testable import HTTPServer

@Suite("the body decoder")
struct BodyDecoderTests {
  private struct Outcome: Equatable {
    var body = ""
    var status = 0
    var rest = ""
  }

  /// Decodes in pieces of that many bytes; status 0 means that more is needed.
  private func decode(
    _ text: String, _ framing: RequestHead.Framing = .chunked, pieceCount: Int, limits: ParserLimits = .init()
  ) -> Outcome {
    let bytes = Array(text.utf8)
    var decoder = BodyDecoder(framing, keeps: true, limits: limits)
    var outcome = Outcome()
    var index = 0
    bytes.withUnsafeBytes { all in
      do throws(ParseFailure) {
        while index < bytes.count, !decoder.isComplete {
          index += try decoder.decode(all[index..<min(index + pieceCount, bytes.count)])
        }
        outcome.status = decoder.isComplete ? 200 : 0
      } catch {
        outcome.status = error.status
      }
    }
    outcome.body = String(decoding: decoder.bytes, as: UTF8.self)
    outcome.rest = outcome.status == 200 ? String(decoding: bytes[index...], as: UTF8.self) : ""
    return outcome
  }

  @Test(
    "reads chunks, extensions and trailers to the byte, however they are split",
    arguments: [
      ("5\r\nhello\r\n0\r\n\r\nGET", "hello", "GET"), ("1\r\na\r\nA\r\n0123456789\r\n000\r\n\r\n", "a0123456789", ""),
      ("5;a=b;c=\"d;\\\"e\"\r\nhello\r\n0;x\r\n\r\n", "hello", ""), ("5 ; a = b ;c\r\nhello\r\n0\r\n\r\n", "hello", ""),
      ("0\r\nX: y\r\nZ:\r\n\r\nmore", "", "more"),
    ])
  func chunks(text: String, body: String, rest: String) {
    for pieceCount in 1...text.utf8.count {
      #expect(decode(text, pieceCount: pieceCount) == Outcome(body: body, status: 200, rest: rest), "\(pieceCount)")
    }
  }

  @Test(
    "refuses chunks that two readers could understand differently",
    arguments: [
      "5\nhello", "5 \r\nhello", " 5\r\n", "+5\r\n", "-5\r\n", "0x5\r\n", "\r\n", "g\r\n", "5;\r\nhello", "5;=b\r\n",
      "5;a=\r\n", "5;a b\r\n", "5;a=\"b\r\n", "5\rhello", "5\r\nhelloX", "5\r\nhello\n", "5\r\nhello\rX", "5;a\nhello",
      "0\r\nX : y\r\n\r\n", "0\r\n x\r\n\r\n", "0\r\nX\r\n\r\n", "0\r\nContent-Length: 5\r\n\r\n", "0\r\nX: y\n\r\n",
      "0\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\n\n", "0\n\r\n", "5;a=\u{1}\r\n",
      "5;\(String(repeating: "a", count: 2000))\r\n",
    ])
  func refused(text: String) {
    for pieceCount in [1, 2, 3, text.utf8.count] {
      #expect(decode(text, pieceCount: pieceCount).status == 400, "\(pieceCount)")
    }
  }

  @Test("refuses sizes beyond the limit before a byte of them comes")
  func sizes() {
    var limits = ParserLimits()
    limits.bodyBytesMax = 8
    #expect(decode("8\r\n12345678\r\n0\r\n\r\n", pieceCount: 64, limits: limits).status == 200)
    #expect(decode("9\r\n", pieceCount: 64, limits: limits).status == 413)
    #expect(decode("4\r\n1234\r\n5\r\n", pieceCount: 64, limits: limits).status == 413)
    #expect(decode("FFFFFFFFFFFFFFFF\r\n", pieceCount: 64).status == 413)
    #expect(decode("00000000000000005\r\n", pieceCount: 64).status == 413)
    #expect(decode("7FFFFFFFFFFFFFFF\r\n", pieceCount: 64).status == 413)
  }

  @Test("reads a body of a known length and leaves the rest")
  func length() {
    for pieceCount in 1...9 {
      #expect(
        decode("helloGET", .length(5), pieceCount: pieceCount) == Outcome(body: "hello", status: 200, rest: "GET"))
    }
    #expect(decode("hell", .length(5), pieceCount: 4).status == 0)
  }
}
