import Events
import HTTPServer
import HTTPTypes

/// `GET` and `POST /rank`.
struct RankRoutes: Sendable {
  private let service: RankService
  private let slotsMax: Int

  init(service: RankService, slotsMax: Int) {
    self.service = service
    self.slotsMax = slotsMax
  }

  var routes: [Route] {
    [
      Route(
        .get, "/rank", name: "rank", cors: true, documentation: .rank(slotsMax: slotsMax),
        handler: .immediate { request in try answer(RankQuery(query: request.query), request) }),
      Route(
        .post, "/rank", name: "rank_body", cors: true, accepts: ["application/json", "text/plain"],
        documentation: .rankWithBody(slotsMax: slotsMax),
        handler: .immediate { request in try answer(RankQuery(json: request.body), request) }),
    ]
  }

  private func answer(_ query: RankQuery, _ request: Request) throws -> Response {
    var query = query
    if let arms = request.field(.adLoopExperiments) { try query.readForcedArms(header: arms) }
    let isProbe = request.field(.adLoopProbe) != nil
    let decision = try service.decide(query, traffic: query.isDryRun ? .dryRun : isProbe ? .probe : .live)
    return Response(status: .ok, fields: Self.fields, body: decision.json)
  }

  private static let fields: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
}

extension HTTPField.Name {
  /// Marks the traffic of `adloop probe`, which never counts as business.
  static let adLoopProbe = HTTPField.Name("AdLoop-Probe")!
  /// Forces arms, as `experiment=arm, experiment=arm`: every parameter of the address may be context.
  static let adLoopExperiments = HTTPField.Name("AdLoop-Experiments")!
}
