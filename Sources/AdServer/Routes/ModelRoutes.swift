import Events
import Foundation
import HTTPServer
import HTTPTypes
import Learning

/// `/admin/models`: list, show, import, promote and roll back while serving.
struct ModelRoutes: Sendable {
  private let system: AdSystem

  init(system: AdSystem) {
    self.system = system
  }

  var routes: [Route] {
    [
      Route(.get, "/admin/models", name: "models", documentation: .models, handler: .immediate(list)),
      Route(
        .post, "/admin/models", name: "model_import", accepts: ["application/json"], documentation: .modelImport,
        handler: .deferred { request, responder in
          Self.change(responder) {
            let record = try system.registry.importModel(Data(request.body))
            if try Self.promotes(request) { try promote(record.id) }
            return try AdminJSON.response(system.registry.record(record.id), status: .created)
          }
        }),
      Route(.get, "/admin/models/{id}", name: "model", documentation: .model, handler: .immediate(show)),
      Route(
        .post, "/admin/models/{id}/promote", name: "model_promote", documentation: .modelPromote,
        handler: .deferred { request, responder in
          Self.change(responder) {
            let id = request.parameters["id"] ?? ""
            try promote(id)
            return try AdminJSON.response(system.registry.record(id))
          }
        }),
      Route(
        .post, "/admin/models/{id}/shadow", name: "model_shadow", documentation: .modelShadow,
        handler: .deferred { request, responder in
          Self.change(responder) {
            let id = request.parameters["id"] ?? ""
            try system.registry.setShadow(id)
            return try AdminJSON.response(system.registry.record(id))
          }
        }),
      Route(
        .delete, "/admin/models/shadow", name: "model_shadow_end", documentation: .modelShadowEnd,
        handler: .deferred { _, responder in
          Self.change(responder) {
            try system.registry.setShadow(nil)
            return try AdminJSON.response(system.registry.list())
          }
        }),
      Route(
        .post, "/admin/models/rollback", name: "model_rollback", documentation: .modelRollback,
        handler: .deferred { _, responder in
          Self.change(responder) {
            let id = try system.registry.rollback(reason: "asked for over HTTP", who: Self.who)
            return try AdminJSON.response(system.registry.record(id))
          }
        }),
    ]
  }

  /// Who changed something, in the history.
  private static let who = "admin"

  private func list(_ request: Request) throws -> Response {
    try AdminJSON.response(system.registry.list())
  }

  private func show(_ request: Request) throws -> Response {
    try AdminJSON.answering { try AdminJSON.response(system.registry.record(request.parameters["id"] ?? "")) }
  }

  private func promote(_ id: String) throws {
    try system.registry.promote(id, reason: "asked for over HTTP", who: Self.who)
  }

  private static func promotes(_ request: Request) throws -> Bool {
    switch request.queryValue("promote") {
    case nil, "false": return false
    case "", "true": return true
    default: throw Problem(.badRequest, title: "Invalid parameter", detail: "'promote' must be true or false")
    }
  }

  /// Runs a change that writes to the disk off the event loops.
  private static func change(_ responder: Responder, _ body: @escaping @Sendable () throws -> Response) {
    DispatchQueue.global().async {
      do { responder(try AdminJSON.answering(body)) } catch { responder(ErrorResponse.of(error)) }
    }
  }
}
