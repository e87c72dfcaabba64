import HTTPTypes

extension HTTPResponse.Status {
  private static let known: [Int: HTTPResponse.Status] = Dictionary(
    uniqueKeysWithValues: [
      .ok, .created, .accepted, .noContent, .partialContent, .movedPermanently, .found, .seeOther, .notModified,
      .temporaryRedirect, .permanentRedirect, .badRequest, .unauthorized, .forbidden, .notFound, .methodNotAllowed,
      .notAcceptable, .requestTimeout, .conflict, .gone, .lengthRequired, .preconditionFailed, .contentTooLarge,
      .uriTooLong, .unsupportedMediaType, .expectationFailed, .unprocessableContent, .tooManyRequests,
      .requestHeaderFieldsTooLarge, .internalServerError, .notImplemented, .badGateway, .serviceUnavailable,
      .gatewayTimeout, .httpVersionNotSupported,
    ].map { (status: HTTPResponse.Status) in (status.code, status) })

  /// The status with the reason phrase of its registration; without one when it isn't well known.
  static func standard(_ code: Int) -> HTTPResponse.Status { known[code] ?? HTTPResponse.Status(code: code) }
}
