import HTTPServer
import HTTPTypes
import Learning

/// `/admin/drift`: how far distributions have moved.
struct DriftRoutes: Sendable {
  let system: AdSystem

  var routes: [Route] {
    [
      Route(
        .get, "/admin/drift", name: "drift", documentation: .drift,
        handler: .answeringLater { request in
          try AdminJSON.response(DriftHistory(system).report(Self.window(request)))
        })
    ]
  }

  private static func window(_ request: Request) throws -> DiagnosisWindow {
    do {
      return try DiagnosisWindow(
        last: request.queryValue("last"), from: request.queryValue("from"), to: request.queryValue("to"),
        now: WallClock.now())
    } catch {
      throw Problem(.badRequest, title: "Invalid window", detail: "\(error)")
    }
  }
}
