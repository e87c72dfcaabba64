import Foundation

/// One kept-alive HTTP/1.1 connection over a plain socket, for load: requests go out together, answers come back in order.
///
/// Calls block. Not thread-safe: one thread owns it.
final class HTTPConnection {
  private let address: HTTPAddress
  private let timeoutSeconds: Double
  private var descriptor: Int32 = -1
  private var reader = HTTPAnswerReader()
  /// Whether the server has answered on this connection before, so that its end may be that of an idle connection.
  private var isProven = false

  /// - parameter timeoutSeconds: how long a single read or write may take.
  init(_ address: HTTPAddress, timeoutSeconds: Double) {
    self.address = address
    self.timeoutSeconds = timeoutSeconds
  }

  deinit { disconnect() }

  /// Sends complete requests and returns their answers in order.
  ///
  /// A connection that the server closes after an answer is opened again, and what had no answer is sent again.
  /// - throws: ``ClientError`` when nobody listens, the server falls silent, or what it says isn't HTTP.
  func exchange(_ requests: [[UInt8]]) throws(ClientError) -> [HTTPAnswer] {
    var answers: [HTTPAnswer] = []
    while answers.count < requests.count {
      if descriptor < 0 { try connect() }
      let before = answers.count
      let wasProven = isProven
      do {
        try send(Array(requests[before...].joined()))
        while answers.count < requests.count, descriptor >= 0 { answers.append(try receive()) }
      } catch {
        disconnect()
        guard error.isEnd, wasProven || answers.count > before else { throw error }
      }
    }
    return answers
  }

  private func connect() throws(ClientError) {
    var failure = ENOENT
    for candidate in try address.resolve() {
      descriptor = socket(candidate.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      guard descriptor >= 0 else { throw ClientError("socket: \(String(cString: strerror(errno)))") }
      setOptions()
      if candidate.connect(descriptor) { return }
      failure = errno
      disconnect()
    }
    throw ClientError(
      "no answer from \(address) (\(String(cString: strerror(failure)))); start a server with adloop serve, "
        + "or name another with --url")
  }

  private func setOptions() {
    var isOn: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
    let microseconds = Int(max(0.001, min(timeoutSeconds, 86_400)) * 1_000_000)
    var time = timeval(tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  private func disconnect() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    isProven = false
    reader = HTTPAnswerReader()
  }

  private func send(_ bytes: [UInt8]) throws(ClientError) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.send(descriptor, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("can't be written to") }
      sent += count
    }
  }

  private func receive() throws(ClientError) -> HTTPAnswer {
    while true {
      if let answer = try reader.next() {
        isProven = true
        if answer.isLast { disconnect() }
        return answer
      }
      let count = reader.fill { buffer in recv(descriptor, buffer.baseAddress, buffer.count, 0) }
      if count < 0, errno == EINTR { continue }
      if count == 0 { throw ClientError("\(address) closed the connection; look at the server's log", isEnd: true) }
      guard count > 0 else { throw failure("doesn't answer") }
    }
  }

  private func failure(_ what: String) -> ClientError {
    let code = errno
    if code == EAGAIN || code == EWOULDBLOCK {
      return ClientError("\(address) \(what) within \(timeoutSeconds) seconds; is the server overloaded?")
    }
    return ClientError(
      "\(address) \(what): \(String(cString: strerror(code)))", isEnd: code == EPIPE || code == ECONNRESET)
  }
}
