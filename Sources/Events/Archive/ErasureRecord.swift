import Features
import Foundation

/// Proof that one person's events were erased, kept in the log without the person's name.
///
/// Whoever knows the name can check it: ``userSHA256`` is the SHA-256 of ``salt`` (32 hexadecimal digits), a space and the
/// name, in hexadecimal.
public struct ErasureRecord: Codable, Sendable, Equatable {
  public let salt: String
  public let userSHA256: String
  /// Events of the person in the database of the log, in its archive, and rows in the views, before and after.
  public let before: Counts
  public let after: Counts

  public struct Counts: Codable, Sendable, Equatable {
    public var logEvents = 0
    public var archivedEvents = 0
    public var viewRows = 0

    public init() {}
  }

  enum CodingKeys: String, CodingKey {
    case salt, before, after
    case userSHA256 = "user_sha256"
  }

  /// A record with a salt of its own.
  public init(user: String, before: Counts, after: Counts) {
    salt = (0..<16).map { _ in String(format: "%02x", UInt8.random(in: 0...255)) }.joined()
    userSHA256 = Self.hash(of: user, salt: salt)
    self.before = before
    self.after = after
  }

  /// Whether the record is about `user`.
  public func isAbout(_ user: String) -> Bool {
    Self.hash(of: user, salt: salt) == userSHA256
  }

  private static func hash(of user: String, salt: String) -> String {
    SHA256.hexadecimal(of: Data("\(salt) \(user)".utf8))
  }
}
