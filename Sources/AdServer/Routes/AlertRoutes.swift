import HTTPServer
import HTTPTypes

/// `/admin/alerts`: what is out of the ordinary now, and what was.
struct AlertRoutes: Sendable {
  let system: AdSystem

  var routes: [Route] {
    [
      Route(
        .get, "/admin/alerts", name: "alerts", documentation: .alerts,
        handler: .answeringLater { _ in try AdminJSON.response(AlertHistory(system).report()) })
    ]
  }
}
