import Catalog
import Dispatch
import Foundation
import HTTPServer
import HTTPTypes

extension AdRoutes {
  /// Many ads as NDJSON: the good ones are put, the bad lines told with their numbers and reasons.
  func putMany(_ request: Request, _ responder: Responder) {
    DispatchQueue.global().async { [deployer] in
      do {
        let lines = try CatalogImporter.ads(ndjson: request.body)
        guard lines.count <= Self.adCountMax else {
          throw Problem(
            .contentTooLarge, title: "Too many ads",
            detail: "\(lines.count) ads in one call; send at most \(Self.adCountMax), or use 'adloop catalog import'")
        }
        guard !lines.isEmpty else {
          throw Problem(.badRequest, title: "No ads", detail: "the body is empty; send one ad a line, as JSON")
        }
        let good = lines.compactMap { line in (try? line.ad.get()).map { (line: line.line, ad: $0) } }
        deployer.edit(good.map { .put($0.ad) }) { result in
          switch result {
          case .failure(let error): responder(Self.failure(error))
          case .success(let outcomes): responder(Self.answer(lines, good.map(\.line), outcomes))
          }
        }
      } catch { responder(ErrorResponse.of(error)) }
    }
  }

  private static func answer(
    _ lines: [(line: Int, ad: Result<Ad, CatalogError>)], _ good: [Int],
    _ outcomes: [Result<AdEdit.Outcome, CatalogError>]
  ) -> Response {
    var rejections = Rejections()
    var refusals = Dictionary(
      uniqueKeysWithValues: zip(good, outcomes).compactMap { line, outcome in Self.error(outcome).map { (line, $0) } })
    for line in lines {
      if let error = Self.error(line.ad) { refusals[line.line] = error }
    }
    for (line, error) in refusals.sorted(by: { $0.key < $1.key }) {
      rejections.add(line: line, reason: error.description)
    }
    let accepted = lines.count - rejections.count
    let unlinked = outcomes.count { (try? $0.get())?.ad?.creative.url.isEmpty ?? false }
    return response(accepted: accepted, unlinked: unlinked, rejections)
  }

  private static func response(accepted: Int, unlinked: Int, _ rejections: Rejections) -> Response {
    var json = JSONWriter()
    json.object { json in
      if accepted == 0 {
        json.member("type", "about:blank")
        json.member("title", "No ad was accepted")
        json.member("status", 422)
        json.member("detail", rejections.first.first?.reason ?? "")
      }
      json.member("accepted", accepted)
      json.member("without_url", unlinked)
      json.member("rejected_count", rejections.count)
      json.key("rejected")
      json.array { json in
        for rejection in rejections.first {
          json.object { json in
            json.member("line", rejection.line)
            json.member("reason", rejection.reason)
          }
        }
      }
    }
    guard accepted == 0 else { return .json(json.bytes) }
    return Response(
      status: .unprocessableContent, fields: [.contentType: "application/problem+json"], body: json.bytes)
  }

  private static func error<Success>(_ result: Result<Success, CatalogError>) -> CatalogError? {
    if case .failure(let error) = result { error } else { nil }
  }
}
