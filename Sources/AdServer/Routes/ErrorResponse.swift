import Events
import HTTPServer
import HTTPTypes

/// Errors of the rooms below as answers.
enum ErrorResponse {
  /// The answer to `error`: a problem as it is, a log that can't take events as 503, anything else as 500.
  static func of(_ error: any Error) -> Response {
    switch error {
    case let problem as Problem: return problem.response
    case is EventLogError:
      return Problem(
        .serviceUnavailable, title: "Events can't be stored",
        detail: "nothing was stored; send the same events again later", fields: [.retryAfter: "1"]
      ).response
    default:
      return Problem(
        .internalServerError, title: "Internal error", detail: "the server failed; its log says why"
      ).response
    }
  }
}
