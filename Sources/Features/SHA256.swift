import COpenSSL
import Foundation

/// SHA-256 (FIPS 180-4), computed by OpenSSL.
public enum SHA256 {
  /// The digest of `data` in lowercase hexadecimal.
  public static func hexadecimal(of data: some DataProtocol) -> String {
    digest(of: data).map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }

  /// The 32 bytes of the digest of `data`.
  public static func digest(of data: some DataProtocol) -> [UInt8] {
    let bytes = Array(data)
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    _ = COpenSSL.SHA256(bytes, bytes.count, &digest)
    return digest
  }
}
