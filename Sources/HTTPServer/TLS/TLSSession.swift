import COpenSSL
import Glibc

/// One TLS connection on a non-blocking socket. Used by one loop at a time.
final class TLSSession: @unchecked Sendable {
  enum HandshakeStep { case done, wantsRead, wantsWrite, failed }

  private let ssl: OpaquePointer
  private var hasEnded = false

  /// Nil when OpenSSL has no memory.
  init?(_ context: TLSContext, descriptor: Int32) {
    guard let ssl = SSL_new(context.pointer) else { return nil }
    self.ssl = ssl
    SSL_set_fd(ssl, descriptor)
    SSL_set_accept_state(ssl)
  }

  deinit {
    SSL_free(ssl)
  }

  func handshake() -> HandshakeStep {
    ERR_clear_error()
    let result = SSL_do_handshake(ssl)
    if result == 1 { return .done }
    switch SSL_get_error(ssl, result) {
    case SSL_ERROR_WANT_READ: return .wantsRead
    case SSL_ERROR_WANT_WRITE: return .wantsWrite
    default:
      hasEnded = true
      return .failed
    }
  }

  var hasBuffered: Bool { SSL_pending(ssl) > 0 }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> TransportResult {
    ERR_clear_error()
    return result(SSL_read(ssl, buffer.baseAddress, Int32(clamping: buffer.count)))
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> TransportResult {
    ERR_clear_error()
    return result(SSL_write(ssl, bytes.baseAddress, Int32(clamping: bytes.count)))
  }

  /// Sends close_notify, once, unless the session has failed.
  func endOutput() {
    if hasEnded { return }
    hasEnded = true
    ERR_clear_error()
    SSL_shutdown(ssl)
  }

  private func result(_ count: Int32) -> TransportResult {
    if count > 0 { return .bytes(Int(count)) }
    switch SSL_get_error(ssl, count) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .wouldBlock
    case SSL_ERROR_ZERO_RETURN: return .end
    default:
      hasEnded = true
      return .failed
    }
  }
}
