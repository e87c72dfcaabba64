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
          do {
            return try AdminJSON.response(DriftHistory(system).report(Self.window(request)))
          } catch let error as WindowError {
            throw Problem(.badRequest, title: "Invalid window", detail: error.description)
          }
        })
    ]
  }

  private static func window(_ request: Request) throws(WindowError) -> DiagnosisWindow {
    try DiagnosisWindow(
      last: request.queryValue("last"), from: request.queryValue("from"), to: request.queryValue("to"),
      now: WallClock.now())
  }
}
