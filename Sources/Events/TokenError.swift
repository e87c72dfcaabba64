/// Why a token can't be opened.
public enum TokenError: Error, Equatable, CustomStringConvertible {
  /// It was never a token: not base64url, too short, too long, or its content doesn't follow the layout.
  case malformed(String)
  /// It was sealed with a key that isn't in the ring: of another system, or retired.
  case unknownKey(UInt32)
  /// Somebody changed it, or made it without the key.
  case forged
  /// It was sealed by a release whose tokens this one can't read.
  case unsupportedVersion(UInt8)

  public var description: String {
    switch self {
    case .malformed(let reason): "not a token: \(reason)"
    case .unknownKey:
      "the token was sealed with a key that this system doesn't have; send events where the ad was ranked"
    case .forged: "the token was changed after it was made; send it back exactly as /rank gave it"
    case .unsupportedVersion(let version):
      "version \(version) of tokens is not known here; upgrade this server"
    }
  }
}
