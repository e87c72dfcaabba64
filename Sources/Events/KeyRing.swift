import Foundation
import Locking

/// The keys of tokens: the current one seals new tokens, it and the older ones open them.
///
/// Every key has an id made from its bytes, which tokens carry. Any thread may use a ring.
///
/// ```swift
/// let keys = try KeyRing(directory: dataDirectory.appending(path: "keys"))
/// let sealer = TokenSealer(keys: keys)
/// ```
public final class KeyRing: Sendable {
  /// Keys of one ring. A rotation beyond it retires the oldest: its tokens no longer open.
  public static let keyCountMax = 16

  private let ciphers: Locked<Ciphers>
  private let file: KeyFile?

  private struct Ciphers {
    var current: TokenCipher
    var byID: [UInt32: TokenCipher]

    /// Keeps the ciphers of keys that stay, whose nonces count on.
    init(keys: [TokenKey], keeping old: [UInt32: TokenCipher] = [:]) {
      byID = Dictionary(keys.map { ($0.id, old[$0.id] ?? TokenCipher(key: $0)) }) { first, _ in
        first
      }
      current = byID[keys[keys.count - 1].id]!
    }
  }

  /// The keys kept in `directory`, which is made with a first key when there is none.
  ///
  /// The file `tokens` holds one base64 key a line, the current one last, and has mode 0600. Several processes may
  /// open, make and rotate the same ring.
  ///
  /// - throws: ``KeyRingError`` when the file can't be read or written, others may read it, or a line is no key.
  public init(directory: URL) throws(KeyRingError) {
    let file = KeyFile(directory: directory)
    self.file = file
    ciphers = Locked(Ciphers(keys: try file.loadOrCreate()))
  }

  /// The keys of a setting: base64 of 32 bytes each (`openssl rand -base64 32`), separated by commas, the current one
  /// first. Such a ring isn't stored and rotates by a change of the setting.
  public init(configuration text: String) throws(KeyRingError) {
    var keys: [TokenKey] = []
    for part in text.split(separator: ",") {
      guard let key = TokenKey(base64: part.trimmingCharacters(in: .whitespaces)) else {
        throw KeyRingError(
          "a token key must be the base64 of 32 bytes; make one with: openssl rand -base64 32")
      }
      keys.append(key)
    }
    guard (1...Self.keyCountMax).contains(keys.count) else {
      throw KeyRingError(
        "there are \(keys.count) token keys; give 1 to \(Self.keyCountMax), separated by commas")
    }
    file = nil
    ciphers = Locked(Ciphers(keys: keys.reversed()))
  }

  /// Makes a new key, stores it and seals all further tokens with it; the older keys still open theirs.
  ///
  /// Rotate before a key has sealed 2⁶⁰ tokens, and when it may have leaked. Other processes take the new key up
  /// by ``reload()``; until then they can't open its tokens.
  ///
  /// - throws: ``KeyRingError`` when the ring comes from a setting, or the file can't be written: then nothing changes.
  public func rotate() throws(KeyRingError) {
    guard let file else {
      throw KeyRingError(
        "the token keys come from a setting; put a new one first in it, then restart")
    }
    use(try file.append(try TokenKey.random()))
  }

  /// Reads the file again, after another process rotated the ring. Does nothing for a ring from a setting.
  public func reload() throws(KeyRingError) {
    guard let file else { return }
    use(try file.loadOrCreate())
  }

  /// Id of the key that seals new tokens.
  public var currentID: UInt32 { current.id }

  var current: TokenCipher { ciphers.withLock { $0.current } }

  func cipher(id: UInt32) -> TokenCipher? { ciphers.withLock { $0.byID[id] } }

  private func use(_ keys: [TokenKey]) {
    ciphers.withLock { $0 = Ciphers(keys: keys, keeping: $0.byID) }
  }
}

/// Why token keys can't be used, and what to do.
public struct KeyRingError: Error, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}
