import Events
import HTTPServer
import HTTPTypes

/// Errors of the rooms below as answers.
enum ErrorResponse {
  /// The answer to `error`: a problem as it is, a log that can't take events now as 503, anything else as 500.
  static func of(_ error: any Error) -> Response {
    switch error {
    case let problem as Problem: return problem.response
    case let error as EventLogError:
      guard let seconds = error.retryAfterSeconds else { return refusal(error) }
      return Problem(
        .serviceUnavailable, title: "Events can't be stored",
        detail: "nothing was acknowledged; send the same events again later, they count once",
        fields: [.retryAfter: "\(seconds)"]
      ).response
    default:
      return Problem(
        .internalServerError, title: "Internal error", detail: "the server failed; its log says why"
      ).response
    }
  }

  /// What a log never takes: a batch that is too large, or anything when it is damaged.
  private static func refusal(_ error: EventLogError) -> Response {
    if case .tooLarge = error {
      return Problem(.contentTooLarge, title: "Too many events", detail: "\(error)").response
    }
    return Problem(
      .internalServerError, title: "Events can't be stored", detail: "nothing was stored; the server's log says why"
    ).response
  }
}
