import Foundation

@testable import HTTPServer

/// A client that sends what it is told, byte for byte.
final class RawClient {
  struct Answer: Equatable {
    var status: Int
    var fields: [String: String]
    var body: String
  }

  let descriptor: Int32
  private var buffer: [UInt8] = []

  /// - Parameter receiveBytes: the size of the receive buffer, to be a slow reader.
  init(_ address: BoundAddress, receiveBytes: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var receiveBytes {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBytes, socklen_t(MemoryLayout<Int32>.size))
    }
    var timeout = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var target = sockaddr_in()
    target.sin_family = sa_family_t(AF_INET)
    target.sin_port = in_port_t(address.port).bigEndian
    target.sin_addr.s_addr = inet_addr(address.host)
    let descriptor = descriptor
    try systemCall("connect") {
      withUnsafePointer(to: target) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
  }

  deinit {
    close(descriptor)
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      sent += count
    }
  }

  func endOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Closes with a reset.
  func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  /// The next answer; nil when the connection ends first.
  func answer(toHead: Bool = false) -> Answer? {
    while true {
      if let answer = takeAnswer(toHead: toHead) { return answer }
      if !receive() { return nil }
    }
  }

  /// Whether the server closes without another byte.
  func isClosed() -> Bool { buffer.isEmpty && !receive() && buffer.isEmpty }

  private func receive() -> Bool {
    var piece = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &piece, piece.count, 0)
    if count > 0 { buffer.append(contentsOf: piece[..<count]) }
    return count > 0
  }

  private func takeAnswer(toHead: Bool) -> Answer? {
    guard let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let fields = Dictionary(
      lines.dropFirst().map { line in
        let parts = line.split(separator: ":", maxSplits: 1)
        return (parts[0].lowercased(), parts[1].trimmingCharacters(in: .whitespaces))
      }, uniquingKeysWith: { "\($0), \($1)" })
    let status = Int(lines[0].split(separator: " ")[1])!
    let count = toHead || status == 204 || status < 200 ? 0 : Int(fields["content-length"]!)!
    guard buffer.count >= end.upperBound + count else { return nil }
    let body = String(decoding: buffer[end.upperBound..<(end.upperBound + count)], as: UTF8.self)
    buffer.removeFirst(end.upperBound + count)
    return Answer(status: status, fields: fields, body: body)
  }
}
