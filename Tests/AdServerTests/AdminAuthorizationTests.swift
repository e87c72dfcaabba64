import HTTPServer
import HTTPTypes
import Testing

@testable import AdServer

@Suite("Who may pass to /admin and /api")
struct AdminAuthorizationTests {
  private func status(_ token: String?, _ target: String, _ credentials: String?) throws -> Int {
    let fields: HTTPFields = credentials.map { [.authorization: $0] } ?? [:]
    do { try AdminAuthorization(token: token).check(Request(target: target, fields: fields)) } catch let problem
      as Problem
    {
      #expect((problem.fields[.wwwAuthenticate] == "Bearer") == (problem.status == .unauthorized))
      return problem.status.code
    }
    return 200
  }

  @Test(
    "the token passes, whatever the case of its scheme", arguments: ["Bearer s", "bearer s", "BEARER s", "Bearer  s"])
  func passes(_ credentials: String) throws {
    #expect(try status("s", "/admin/models", credentials) == 200)
  }

  @Test(
    "anything else is 401",
    arguments: [
      nil, "", "s", "Bearer", "Bearer ", "Bearer S", "Bearer ss", "Basic s", "Bearers s", "Bearer s, Bearer s",
    ])
  func refuses(_ credentials: String?) throws {
    #expect(try status("s", "/api/x", credentials) == 401)
  }

  @Test("without a configured token nobody passes", arguments: [nil, ""] as [String?])
  func closed(_ token: String?) throws {
    for credentials in [nil, "Bearer ", "Bearer s"] { #expect(try status(token, "/admin/ads", credentials) == 403) }
  }

  @Test("the whole of both paths is guarded, and nothing else")
  func paths() throws {
    for path in ["/admin", "/admin/", "/%61dmin/models", "/api", "/api/nothing"] {
      #expect(try status("s", path, nil) == 401, "\(path)")
    }
    for path in ["/", "/rank", "/administrators", "/apis"] { #expect(try status("s", path, nil) == 200, "\(path)") }
  }
}
