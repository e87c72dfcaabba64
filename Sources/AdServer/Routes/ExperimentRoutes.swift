import Events
import Experiments
import Foundation
import HTTPServer
import HTTPTypes
import Learning

/// `/admin/experiments`: the experiments in force, the steps of their life, their history, and reports.
struct ExperimentRoutes: Sendable {
  private let system: AdSystem
  private let book: ExperimentBook

  /// Who changed something when the request doesn't say.
  private static let who = "admin"

  /// Of bodies; the last one is what curl says by itself.
  private static let mediaTypes = [
    "application/json", "application/yaml", "text/plain", "application/x-www-form-urlencoded",
  ]

  init(system: AdSystem) {
    self.system = system
    book = ExperimentBook(system)
  }

  var routes: [Route] {
    [
      Route(
        .get, "/admin/experiments", name: "experiments", documentation: .experiments,
        handler: .immediate { _ in try AdminJSON.response(system.openExperiments()) }),
      Route(
        .put, "/admin/experiments", name: "experiments_replace", accepts: ["application/json", "application/yaml"],
        documentation: .experimentsReplace, handler: Handler.answeringLater(replace)),
      Route(
        .post, "/admin/experiments", name: "experiment_create", accepts: Self.mediaTypes,
        documentation: .experimentCreate, handler: Handler.answeringLater(create)),
      Route(
        .get, "/admin/experiments/history", name: "experiments_history", documentation: .experimentsHistory,
        handler: Handler.answeringLater { _ in try AdminJSON.response(book.history()) }),
      Route(
        .get, "/admin/experiments/{name}", name: "experiment", documentation: .experiment,
        handler: .immediate { request in try AdminJSON.response(experiment(request)) }),
      Route(
        .get, "/admin/experiments/{name}/history", name: "experiment_history", documentation: .experimentHistory,
        handler: Handler.answeringLater { request in
          try AdminJSON.response(book.history(of: request.parameters["name"] ?? ""))
        }
      ),
      Route(
        .get, "/admin/experiments/{name}/report", name: "experiment_report", documentation: .experimentReport,
        handler: Handler.answeringLater { request in
          try AdminJSON.response(
            ExperimentReport(experiment(request), store: system.store.reader, metrics: system.metrics))
        }),
    ] + steps
  }

  private var steps: [Route] {
    [
      step("start", .experimentStart) { .start(share: $0.share) },
      step("ramp", .experimentRamp) { request throws(ExperimentError) in
        .ramp(share: try request.require(request.share, "share"))
      },
      step("stop", .experimentStop) { request in request.arm.map { .stopArm($0) } ?? .stop },
      step("decide", .experimentDecide) { request throws(ExperimentError) in
        .decide(arm: try request.require(request.arm, "arm"))
      },
    ]
  }

  private func step(
    _ action: String, _ documentation: Documentation,
    _ step: @escaping @Sendable (StepRequest) throws(ExperimentError) -> ExperimentStep
  ) -> Route {
    Route(
      .post, "/admin/experiments/{name}/\(action)", name: "experiment_\(action)", accepts: Self.mediaTypes,
      documentation: documentation,
      handler: Handler.answeringLater { request in
        let name = try experiment(request).name
        return try Self.answering {
          let body = try StepRequest(yaml: Data(request.body))
          return try AdminJSON.response(book.take(step(body), of: name, Self.signature(body)))
        }
      })
  }

  private func create(_ request: Request) throws -> Response {
    try Self.answering {
      let body = try StepRequest(yaml: Data(request.body))
      let experiment = try body.require(body.experiment, "experiment")
      let created = try book.take(.create(experiment), of: experiment.name, Self.signature(body))
      return try AdminJSON.response(created, status: .created)
    }
  }

  private func replace(_ request: Request) throws -> Response {
    guard !request.body.isEmpty else {
      throw Problem(
        .badRequest, title: "Body is missing",
        detail: "send all experiments; an empty list, 'experiments: []', ends all")
    }
    return try Self.answering {
      let signature = try ExperimentBook.Signature(
        who: request.queryValue("who") ?? Self.who, why: request.queryValue("why") ?? "asked for over HTTP")
      return try AdminJSON.response(
        book.replace(with: ExperimentConfiguration(yaml: Data(request.body)), signature))
    }
  }

  private static func signature(_ request: StepRequest) throws(ExperimentError) -> ExperimentBook.Signature {
    try ExperimentBook.Signature(who: request.who ?? who, why: request.why ?? "")
  }

  private func experiment(_ request: Request) throws -> Experiment {
    let name = request.parameters["name"] ?? ""
    guard let experiment = try system.openExperiments().experiment(name) else {
      throw Problem(.notFound, title: "No such experiment", detail: "see GET /admin/experiments for the names")
    }
    return experiment
  }

  /// Runs `body`; what isn't possible becomes a problem that says so.
  private static func answering(_ body: () throws -> Response) throws -> Response {
    do { return try body() } catch let error as ExperimentError {
      throw Problem(.unprocessableContent, title: "Not possible", detail: error.description)
    }
  }
}
