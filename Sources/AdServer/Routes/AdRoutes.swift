import Catalog
import Dispatch
import HTTPServer
import HTTPTypes

/// `/admin/ads`: look at, put, change and delete ads while they are served. Answers come when a change is durable and every
/// later request sees it.
struct AdRoutes: Sendable {
  let deployer: Deployer

  /// Ads of one call.
  static let adCountMax = 10_000

  /// Of bodies, which are JSON whatever they are called; the last one is what curl says by itself.
  private static let mediaTypes = [
    "application/json", "application/merge-patch+json", "application/x-ndjson", "text/plain",
    "application/x-www-form-urlencoded",
  ]

  init(deployer: Deployer) {
    self.deployer = deployer
  }

  var routes: [Route] {
    [
      Route(.get, "/admin/ads/{id}", name: "ad", documentation: .ad, handler: .immediate(show)),
      Route(
        .put, "/admin/ads/{id}", name: "ad_put", accepts: Self.mediaTypes, documentation: .adPut,
        handler: .deferred(put)),
      Route(
        .patch, "/admin/ads/{id}", name: "ad_patch", accepts: Self.mediaTypes, documentation: .adPatch,
        handler: .deferred(patch)),
      Route(.delete, "/admin/ads/{id}", name: "ad_delete", documentation: .adDelete, handler: .deferred(delete)),
      Route(
        .post, "/admin/ads", name: "ads_put", accepts: Self.mediaTypes, documentation: .adsPut,
        handler: .deferred(putMany)),
    ]
  }

  private func show(_ request: Request) throws -> Response {
    let id = request.parameters["id"] ?? ""
    guard let ad = deployer.state.load().catalog.ad(id: id) else { throw Self.problem(AdEdit.unknown(id)) }
    return .json(ad.json)
  }

  private func put(_ request: Request, _ responder: Responder) {
    edit(responder) { () throws(CatalogError) in
      let id = request.parameters["id"] ?? ""
      var ad = Ad(id: id, bid: .nan)
      try ad.merge(Self.json(request.body))
      guard ad.id.utf8.elementsEqual(id.utf8) else {
        throw CatalogError(.invalidAd, "the ad's id isn't the one of the address; make them the same")
      }
      guard !ad.bid.isNaN else {
        throw CatalogError(.invalidAd, "the bid is missing; give it in currency units a click")
      }
      return .put(ad)
    }
  }

  private func patch(_ request: Request, _ responder: Responder) {
    edit(responder) { () throws(CatalogError) in
      .patch(id: request.parameters["id"] ?? "", try Self.json(request.body))
    }
  }

  private func delete(_ request: Request, _ responder: Responder) {
    edit(responder) { () throws(CatalogError) in .delete(id: request.parameters["id"] ?? "") }
  }

  private func edit(_ responder: Responder, _ make: () throws(CatalogError) -> AdEdit) {
    do throws(CatalogError) {
      deployer.edit([try make()]) { result in
        responder(Self.response(result))
      }
    } catch { responder(Self.problem(error).response) }
  }

  private static func response(_ result: Result<[Result<AdEdit.Outcome, CatalogError>], any Error>) -> Response {
    do {
      guard let outcome = try result.get().first?.get() else { return Response(status: .noContent) }
      guard let ad = outcome.ad else { return Response(status: .noContent) }
      return .json(ad.json, status: outcome.isNew ? .created : .ok)
    } catch let error as CatalogError { return problem(error).response } catch { return failure(error) }
  }

  static func failure(_ error: any Error) -> Response {
    guard error is CatalogBusyError else { return ErrorResponse.of(error) }
    return Problem(
      .serviceUnavailable, title: "Too many changes wait", detail: "nothing was changed; send the same again later",
      fields: [.retryAfter: "1"]
    ).response
  }

  private static func json(_ body: [UInt8]) throws(CatalogError) -> JSONValue {
    do { return try JSONValue(parsing: body[...]) } catch {
      throw CatalogError(.invalidAd, "the body is \(error.description)")
    }
  }

  private static func problem(_ error: CatalogError) -> Problem {
    switch error.code {
    case .unknownAd: Problem(.notFound, title: "No such ad", detail: error.description)
    case .invalidAd, .limitReached: Problem(.unprocessableContent, title: "Not possible", detail: error.description)
    default:
      Problem(
        .serviceUnavailable, title: "Ads can't be stored", detail: "nothing was changed; the server's log says why",
        fields: [.retryAfter: "1"])
    }
  }
}
