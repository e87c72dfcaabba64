import COpenSSL

/// A certificate with its key and the rules that TLS sessions follow: versions 1.2 and 1.3, forward secrecy, authenticated
/// encryption, tickets for resumption, ALPN http/1.1, no renegotiation, no compression.
final class TLSContext: @unchecked Sendable {
  let pointer: OpaquePointer

  struct Failure: Error, CustomStringConvertible {
    let description: String

    /// - Parameter what: what was tried, and what to do about it.
    init(_ what: String) {
      var text = [CChar](repeating: 0, count: 256)
      ERR_error_string_n(ERR_get_error(), &text, text.count)
      description = "\(what) (\(text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }))"
    }
  }

  init(_ configuration: Configuration.TLS) throws {
    guard let pointer = SSL_CTX_new(TLS_server_method()) else { throw Failure("TLS can't be started") }
    self.pointer = pointer
    setRules()
    try load(configuration)
  }

  deinit {
    SSL_CTX_free(pointer)
  }

  private func setRules() {
    SSL_CTX_ctrl(pointer, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
    let options = SSL_OP_NO_COMPRESSION_ | SSL_OP_NO_RENEGOTIATION_ | SSL_OP_CIPHER_SERVER_PREFERENCE_
    SSL_CTX_set_options(pointer, options)
    let mode = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS
    SSL_CTX_ctrl(pointer, SSL_CTRL_MODE, Int(mode), nil)
    SSL_CTX_set_cipher_list(
      pointer, "ECDHE+AESGCM:ECDHE+CHACHA20")
    copenssl_set_groups(pointer, "X25519:P-256:P-384")
    let name = Array("http".utf8)
    SSL_CTX_set_session_id_context(pointer, name, UInt32(name.count))
    SSL_CTX_set_alpn_select_cb(pointer, selectProtocol, nil)
  }

  private func load(_ configuration: Configuration.TLS) throws {
    ERR_clear_error()
    guard SSL_CTX_use_certificate_chain_file(pointer, configuration.certificatePath) == 1 else {
      throw Failure("the certificate \(configuration.certificatePath) can't be read; it must be a PEM file")
    }
    guard SSL_CTX_use_PrivateKey_file(pointer, configuration.privateKeyPath, SSL_FILETYPE_PEM) == 1 else {
      throw Failure("the private key \(configuration.privateKeyPath) can't be read; it must be a PEM file")
    }
    guard SSL_CTX_check_private_key(pointer) == 1 else {
      throw Failure("\(configuration.privateKeyPath) is not the key of \(configuration.certificatePath)")
    }
  }
}

/// ALPN (RFC 7301): http/1.1, or no handshake for a client that offers only other protocols.
private func selectProtocol(
  _: OpaquePointer?, chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, length: UnsafeMutablePointer<UInt8>?,
  offered: UnsafePointer<UInt8>?, offeredCount: UInt32, _: UnsafeMutableRawPointer?
) -> Int32 {
  let wanted = Array("http/1.1".utf8)
  var offset = 0
  while let offered, offset < Int(offeredCount) {
    let count = Int(offered[offset])
    let name = UnsafeBufferPointer(start: offered + offset + 1, count: min(count, Int(offeredCount) - offset - 1))
    if name.elementsEqual(wanted) {
      chosen?.pointee = name.baseAddress
      length?.pointee = UInt8(count)
      return SSL_TLSEXT_ERR_OK
    }
    offset += count + 1
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL
}
