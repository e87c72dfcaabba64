import Foundation
import Testing

@testable import Simulation

@Suite("HTTP client for load")
struct ClientTests {
  @Test("answers are cut apart wherever the bytes are split")
  func splitAnswers() throws {
    let text =
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
      + "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\ncontent-length: 0\r\n\r\n"
    let bytes = Array(text.utf8)
    for split in 0...bytes.count {
      var reader = HTTPAnswerReader()
      var answers: [HTTPAnswer] = []
      for part in [bytes[..<split], bytes[split...]] where !part.isEmpty {
        _ = reader.fill { buffer in
          buffer.copyBytes(from: part)
          return part.count
        }
        while let answer = try reader.next() { answers.append(answer) }
      }
      #expect(answers.map(\.status) == [200, 503], "split at \(split)")
      #expect(answers.map { String(decoding: $0.body, as: UTF8.self) } == ["hello", ""], "split at \(split)")
      #expect(answers.map(\.isLast) == [false, true], "split at \(split)")
    }
  }

  @Test(
    "what is no answer with a length is refused",
    arguments: ["SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"])
  func invalidAnswers(text: String) {
    var reader = HTTPAnswerReader()
    _ = reader.fill { buffer in
      buffer.copyBytes(from: text.utf8)
      return text.utf8.count
    }
    #expect(throws: ClientError.self) { try reader.next() }
  }

  @Test("a server that isn't there is named at once, with what to do")
  func nobodyListens() throws {
    let client = try AdLoopClient(url: "http://127.0.0.1:\(unusedPort())")
    let error = #expect(throws: ClientError.self) { try client.checkReadiness() }
    #expect(error?.description.contains("adloop serve") == true)
  }

  @Test("only addresses of plain HTTP are taken", arguments: ["https://127.0.0.1", "127.0.0.1:80", "", "http://"])
  func addresses(url: String) {
    #expect(throws: ClientError.self) { try AdLoopClient(url: url) }
  }

  @Test("texts are quoted so that JSON readers get them back")
  func quoting() throws {
    let view = PageView(user: "a\"\\\n\u{1}ü", context: ["x": "</script>\t"])
    let object = try JSONSerialization.jsonObject(with: Data(ClientJSON.body(view))) as? [String: Any]
    #expect(object?["user"] as? String == view.user)
    #expect(object?["context"] as? [String: String] == view.context)
  }

  @Test("times are written as ISO 8601 in UTC")
  func times() {
    #expect(TimeText.string(1_767_571_200_007) == "2026-01-05T00:00:00.007Z")
    #expect(TimeText.string(-1) == "1969-12-31T23:59:59.999Z")
  }

  @Test("spans of time are read as people write them")
  func spans() {
    #expect(TimeSpan(text: "1d12h")?.milliseconds == 129_600_000)
    #expect(TimeSpan(text: "0")?.milliseconds == 0)
    for text in ["", "6", "h", "6x", "-6h", "99999999999999999999d", "20000d20000d"] {
      #expect(TimeSpan(text: text) == nil, "\(text)")
    }
  }

  /// A port that was free a moment ago.
  private func unusedPort() -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutableBytes(of: &address) { bytes in
      let pointer = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
      _ = bind(descriptor, pointer, length)
      _ = getsockname(descriptor, pointer, &length)
      return UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))
    }
  }
}
