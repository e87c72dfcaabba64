import COpenSSL
import Foundation

/// A secret of 256 bits that tokens are sealed with.
struct TokenKey: Sendable, Equatable {
  static let byteCount = 32

  /// Name of the key inside tokens: the first four bytes of the SHA-256 of "adloop token key" and the key.
  let id: UInt32
  let bytes: [UInt8]

  /// `nil` unless there are exactly ``byteCount`` bytes.
  init?(bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
    let named = Array("adloop token key".utf8) + bytes
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    _ = SHA256(named, named.count, &digest)
    id = digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// `nil` unless the text is the base64 of ``byteCount`` bytes.
  init?(base64 text: some StringProtocol) {
    guard let data = Data(base64Encoded: String(text)) else { return nil }
    self.init(bytes: Array(data))
  }

  var base64: String { Data(bytes).base64EncodedString() }

  /// A new key from OpenSSL's random generator for secrets.
  static func random() throws(KeyRingError) -> TokenKey {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    guard RAND_priv_bytes(&bytes, Int32(byteCount)) == 1, let key = TokenKey(bytes: bytes) else {
      throw KeyRingError("the system has no randomness to make a key with; try again")
    }
    return key
  }
}
