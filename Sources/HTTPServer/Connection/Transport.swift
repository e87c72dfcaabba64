import Glibc

/// What a read or a write on a connection came to.
enum TransportResult {
  case bytes(Int)
  case wouldBlock
  /// The peer will send no more.
  case end
  case failed
}

/// How a connection's bytes travel.
enum Transport {
  case plain
  case secure(TLSSession)

  func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> TransportResult {
    if case .secure(let session) = self { return session.read(into: buffer) }
    return Self.result(recv(descriptor, buffer.baseAddress, buffer.count, 0))
  }

  func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> TransportResult {
    if case .secure(let session) = self { return session.write(bytes) }
    return Self.result(send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)))
  }

  /// Tells the peer that nothing more will come.
  func endOutput(_ descriptor: Int32) {
    if case .secure(let session) = self { session.endOutput() }
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Whether bytes have been read off the socket that nobody has asked for yet.
  var hasBuffered: Bool {
    if case .secure(let session) = self { session.hasBuffered } else { false }
  }

  var isSecure: Bool {
    if case .secure = self { true } else { false }
  }

  private static func result(_ count: Int) -> TransportResult {
    if count > 0 { return .bytes(count) }
    if count == 0 { return .end }
    return errno == EAGAIN || errno == EINTR ? .wouldBlock : .failed
  }
}
