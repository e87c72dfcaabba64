import COpenSSL
import Locking

/// AES-256-GCM (NIST SP 800-38D) under one key, with contexts that are kept for reuse.
///
/// A context owns a nonce sequence: 8 random bytes, drawn when it is made, and a counter of 4 bytes; when the counter
/// has run out, 8 new ones are drawn. No nonce repeats under a key unless two of all prefixes ever drawn are equal: with
/// a million of them, a chance of 3e-8. Any thread may use it; sealing 200 bytes takes about a microsecond.
final class TokenCipher: Sendable {
  static let nonceByteCount = 12
  static let tagByteCount = 16
  /// Contexts kept for reuse, of each direction; more threads at once make and free their own.
  static let idleContextCountMax = 64

  let id: UInt32
  private let key: TokenKey
  private let idle = Locked<(seal: [CipherContext], open: [CipherContext])>(([], []))

  init(key: TokenKey) {
    id = key.id
    self.key = key
  }

  /// Seals in place: `bytes` are a header, room for the nonce, the text, and room for the tag. The tag authenticates header
  /// and text; nonce, ciphertext and tag take their places.
  func seal(_ bytes: inout [UInt8], headerByteCount: Int) {
    let context =
      idle.withLock { $0.seal.popLast() } ?? CipherContext(key: key.bytes, sealing: true)
    context.seal(&bytes, headerByteCount: headerByteCount)
    idle.withLock { if $0.seal.count < Self.idleContextCountMax { $0.seal.append(context) } }
  }

  /// The text of `sealed` (header, nonce, ciphertext, tag), or `nil` when any bit of it was changed. The tag is compared
  /// in constant time.
  func open(_ sealed: [UInt8], headerByteCount: Int) -> [UInt8]? {
    let context =
      idle.withLock { $0.open.popLast() } ?? CipherContext(key: key.bytes, sealing: false)
    defer {
      idle.withLock { if $0.open.count < Self.idleContextCountMax { $0.open.append(context) } }
    }
    return context.open(sealed, headerByteCount: headerByteCount)
  }
}
