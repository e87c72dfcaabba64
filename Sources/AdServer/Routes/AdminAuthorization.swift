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
    guard request.path.hasPrefix("/admin") || request.path.hasPrefix("/api") else { return }
    guard let token else {
      throw Problem(
        .forbidden, title: "Administration is closed",
        detail: "set \(AdSystem.adminTokenVariable) and restart the server")
    }
    let given = Array((request.field(.authorization) ?? "").utf8)
    let expected = Array("Bearer ".utf8) + token
    guard given.count == expected.count, CRYPTO_memcmp(given, expected, expected.count) == 0 else {
      throw Problem(
        .unauthorized, title: "Not authorized", detail: "send 'Authorization: Bearer' with the admin token",
        fields: [.wwwAuthenticate: "Bearer"])
    }
  }
}
