import COpenSSL

/// An OpenSSL cipher context with its expanded key, for one thread at a time.
///
/// OpenSSL's calls on a ready context fail only for want of memory or by misuse, so they are asserted, not thrown.
final class CipherContext: @unchecked Sendable {
  private let context: OpaquePointer
  private var prefix: UInt64 = 0
  private var counter: UInt32 = .max

  init(key: [UInt8], sealing: Bool) {
    context = EVP_CIPHER_CTX_new()!
    check(EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, key, nil, sealing ? 1 : 0))
  }

  deinit {
    EVP_CIPHER_CTX_free(context)
  }

  /// As ``TokenCipher/seal(_:headerByteCount:)``.
  func seal(_ bytes: inout [UInt8], headerByteCount: Int) {
    bytes.withUnsafeMutableBufferPointer { bytes in
      let header = bytes.baseAddress!
      let nonce = header + headerByteCount
      let text = nonce + TokenCipher.nonceByteCount
      let tag = header + bytes.count - TokenCipher.tagByteCount
      writeNonce(to: UnsafeMutableRawPointer(nonce))
      var written: Int32 = 0
      check(EVP_CipherInit_ex(context, nil, nil, nil, nonce, -1))
      check(EVP_CipherUpdate(context, nil, &written, header, Int32(headerByteCount)))
      check(EVP_CipherUpdate(context, text, &written, text, Int32(tag - text)))
      check(EVP_CipherFinal_ex(context, tag, &written))
      check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(TokenCipher.tagByteCount), tag))
    }
  }

  func open(_ sealed: [UInt8], headerByteCount: Int) -> [UInt8]? {
    let textStart = headerByteCount + TokenCipher.nonceByteCount
    let textCount = sealed.count - textStart - TokenCipher.tagByteCount
    guard textCount >= 0 else { return nil }
    var authentic = false
    let text = [UInt8](unsafeUninitializedCapacity: textCount + 1) { text, count in
      sealed.withUnsafeBufferPointer { sealed in
        let start = sealed.baseAddress!
        var written: Int32 = 0
        check(EVP_CipherInit_ex(context, nil, nil, nil, start + headerByteCount, -1))
        check(EVP_CipherUpdate(context, nil, &written, start, Int32(headerByteCount)))
        check(
          EVP_CipherUpdate(
            context, text.baseAddress!, &written, start + textStart, Int32(textCount)))
        let tag = UnsafeMutableRawPointer(mutating: start + textStart + textCount)
        check(
          EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(TokenCipher.tagByteCount), tag))
        authentic = EVP_CipherFinal_ex(context, text.baseAddress! + textCount, &written) == 1
      }
      count = authentic ? textCount : 0
    }
    return authentic ? text : nil
  }

  private func writeNonce(to nonce: UnsafeMutableRawPointer) {
    if counter == .max {
      check(withUnsafeMutableBytes(of: &prefix) { RAND_bytes($0.baseAddress, Int32($0.count)) })
      counter = 0
    }
    defer { counter += 1 }
    nonce.storeBytes(of: prefix, as: UInt64.self)
    nonce.storeBytes(of: counter.bigEndian, toByteOffset: 8, as: UInt32.self)
  }
}

private func check(_ result: Int32) {
  precondition(result == 1, "OpenSSL could not run AES-256-GCM")
}
