import COpenSSL
import HTTPServer
import HTTPTypes

/// Lets only the holder of the admin token pass to /admin and /api.
struct AdminAuthorization: Sendable {
  private let token: [UInt8]?

  /// - parameter token: the secret; `nil` or empty closes the doors for everybody.
  init(token: String?) {
    self.token = token.flatMap { $0.isEmpty ? nil : Array($0.utf8) }
  }

  /// Checks a request for `path`.
  ///
  /// - throws: `Problem` 403 when no token is configured, 401 when the request's is missing or wrong. Takes the same time
  ///   for every wrong token of the right length.
  func check(_ request: Request) throws {
    guard Self.isGuarded(request.path) else { return }
    guard let token else {
      throw Problem(
        .forbidden, title: "Administration is closed",
        detail: "set \(AdSystem.adminTokenVariable) and restart the server")
    }
    let given = Self.bearerToken(request.field(.authorization) ?? "")
    guard given.count == token.count, CRYPTO_memcmp(given, token, token.count) == 0 else {
      throw Problem(
        .unauthorized, title: "Not authorized", detail: "send 'Authorization: Bearer' with the admin token",
        fields: [.wwwAuthenticate: "Bearer"])
    }
  }

  /// Whether the path is /admin or /api or lies below.
  private static func isGuarded(_ path: String) -> Bool {
    let first = path.utf8.dropFirst().prefix { $0 != UInt8(ascii: "/") }
    return first.elementsEqual("admin".utf8) || first.elementsEqual("api".utf8)
  }

  /// What stands behind `Bearer`, whose case doesn't matter (RFC 9110, 11.1); empty for any other scheme.
  private static func bearerToken(_ credentials: String) -> [UInt8] {
    let scheme = credentials.utf8.prefix { $0 != UInt8(ascii: " ") }
    guard String(decoding: scheme, as: UTF8.self).lowercased() == "bearer" else { return [] }
    return Array(credentials.utf8.dropFirst(scheme.count).drop { $0 == UInt8(ascii: " ") })
  }
}
