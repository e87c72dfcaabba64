import Events
import HTTPServer
import HTTPTypes

/// `/log`, `/click` and `/pixel`: what happened to the ads of a decision.
struct LogRoutes: Sendable {
  private let intake: EventIntake
  private let state: ServingState
  private let metrics: IntakeMetrics

  init(intake: EventIntake, state: ServingState, metrics: IntakeMetrics) {
    self.intake = intake
    self.state = state
    self.metrics = metrics
  }

  var routes: [Route] {
    [
      Route(
        .post, "/log", name: "log", cors: true,
        accepts: ["application/json", "application/x-ndjson", "text/plain"],
        documentation: .log, handler: .deferred(log)),
      Route(.get, "/click", name: "click", documentation: .click, handler: .deferred(click)),
      Route(.get, "/pixel", name: "pixel", documentation: .pixel, handler: .deferred(pixel)),
    ]
  }

  private func log(_ request: Request, _ responder: Responder) {
    do {
      try intake.take(request.body, mediaType: request.contentType, from: EventSender(request)) { result in
        responder(Self.answer(result))
      }
    } catch { responder(ErrorResponse.of(error)) }
  }

  /// A HEAD, as link checkers send it, leads on and counts nothing.
  private func click(_ request: Request, _ responder: Responder) {
    do {
      let served = try open(request)
      guard let target = state.load().landingPage(of: served.ad) else {
        throw Problem(
          .notFound, title: "Ad is gone", detail: "the ad of this token is no longer in the catalog")
      }
      let redirect =
        target.isEmpty
        ? Response(status: .noContent, fields: [.cacheControl: "no-store"])
        : Response(status: .found, fields: [.location: target, .cacheControl: "no-store"])
      guard request.method == .get else { return responder(redirect) }
      intake.take(.click, of: served, from: EventSender(request)) { result in
        // A visitor is sent on even when the click can't be counted; /metrics says how often.
        if case .failure = result { metrics.countUnloggedClick() }
        responder(redirect)
      }
    } catch { responder(ErrorResponse.of(error)) }
  }

  private func pixel(_ request: Request, _ responder: Responder) {
    do {
      let served = try open(request)
      let pixel = Response(
        status: .ok, fields: [.contentType: "image/gif", .cacheControl: "no-store"], body: Self.transparentGIF)
      guard request.method == .get else { return responder(pixel) }
      intake.take(.impression, of: served, from: EventSender(request)) { result in
        switch result {
        case .success: responder(pixel)
        case .failure(let error): responder(ErrorResponse.of(error))
        }
      }
    } catch { responder(ErrorResponse.of(error)) }
  }

  private func open(_ request: Request) throws -> ServedAd {
    guard let token = request.queryValue("t"), !token.isEmpty else {
      throw Problem(.badRequest, title: "Token is missing", detail: "send the token of the ad as t=TOKEN")
    }
    do { return try intake.open(token) } catch {
      throw Problem(.badRequest, title: "Invalid token", detail: error.reason)
    }
  }

  private static func answer(_ result: Result<EventIntake.Receipt, any Error>) -> Response {
    switch result {
    case .failure(let error): return ErrorResponse.of(error)
    case .success(let receipt):
      let isRefused = receipt.accepted + receipt.duplicates == 0 && !receipt.rejected.isEmpty
      var json = JSONWriter()
      json.object { json in
        if isRefused {
          json.member("type", "about:blank")
          json.member("title", "No event was accepted")
          json.member("status", 400)
          json.member("detail", receipt.rejected[0].reason)
        }
        write(receipt, to: &json)
      }
      guard isRefused else { return .json(json.bytes) }
      return Response(status: .badRequest, fields: [.contentType: "application/problem+json"], body: json.bytes)
    }
  }

  private static func write(_ receipt: EventIntake.Receipt, to json: inout JSONWriter) {
    json.member("accepted", receipt.accepted)
    json.member("duplicates", receipt.duplicates)
    json.key("rejected")
    json.array { json in
      for (index, reason) in receipt.rejected {
        json.object { json in
          json.member("index", index)
          json.member("reason", reason)
        }
      }
    }
  }

  /// One transparent pixel, GIF89a.
  private static let transparentGIF: [UInt8] = [
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
    0x21, 0xf9, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x2c, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0x02,
    0x02, 0x44, 0x01, 0x00, 0x3b,
  ]
}
