/// Makes tokens of served ads, and served ads of tokens, by authenticated encryption.
///
/// A token is base64url without padding of
///
///     byte     content
///     0        1, the version of this layout
///     1–4      key id, most significant byte first
///     5–16     nonce: 8 random bytes of the sealing context, then its counter
///     17–      ciphertext of the served ad, see ``ServedAd/write(to:)``
///     last 16  tag of AES-256-GCM over bytes 0–4 and the ciphertext
///
/// so that nobody without the key can read, change or make one. A typical token has 350 characters. Any thread may use
/// a sealer; both directions take a few microseconds.
public struct TokenSealer: Sendable {
  /// Characters of a token; a longer text isn't looked at.
  public static let characterCountMax = 1 << 20

  private static let version: UInt8 = 1
  private static let headerByteCount = 5

  /// The keys in use.
  public let keys: KeyRing

  public init(keys: KeyRing) {
    self.keys = keys
  }

  /// A token of `served`, sealed with the current key. Texts that pass ``ServedAd/Limits`` are cut or left out.
  public func seal(_ served: ServedAd) -> String { seal { served.write(to: &$0) } }

  /// The same for one of several ads of a page.
  public func seal(_ ad: ServedPage.Ad, on page: ServedPage) -> String { seal { page.write(ad, to: &$0) } }

  private func seal(_ write: (inout ByteWriter) -> Void) -> String {
    let cipher = keys.current
    var writer = ByteWriter(capacity: 512)
    writer.write(byte: Self.version)
    for shift in [24, 16, 8, 0] as [UInt32] { writer.write(byte: UInt8(truncatingIfNeeded: cipher.id >> shift)) }
    writer.write(zeros: TokenCipher.nonceByteCount)
    write(&writer)
    writer.write(zeros: TokenCipher.tagByteCount)
    cipher.seal(&writer.bytes, headerByteCount: Self.headerByteCount)
    return Base64URL.encode(writer.bytes)
  }

  /// The served ad that `token` was made of.
  ///
  /// - throws: ``TokenError`` for everything that ``seal(_:)`` didn't make with one of ``keys``.
  public func open(_ token: String) throws(TokenError) -> ServedAd {
    guard token.utf8.count <= Self.characterCountMax else {
      throw .malformed("it is longer than \(Self.characterCountMax) characters")
    }
    guard let sealed = Base64URL.decode(token) else { throw .malformed("it is not base64url") }
    let shortest = Self.headerByteCount + TokenCipher.nonceByteCount + TokenCipher.tagByteCount
    guard let version = sealed.first else { throw .malformed("it is empty") }
    guard version == Self.version else { throw .unsupportedVersion(version) }
    guard sealed.count > shortest else { throw .malformed("it is too short") }
    let id = sealed[1..<Self.headerByteCount].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard let cipher = keys.cipher(id: id) else { throw .unknownKey(id) }
    guard let text = cipher.open(sealed, headerByteCount: Self.headerByteCount) else {
      throw .forged
    }
    do {
      return try text.withUnsafeBytes { bytes in
        var reader = ByteReader(bytes)
        return try ServedAd(from: &reader)
      }
    } catch { throw .malformed("\(error)") }
  }
}
