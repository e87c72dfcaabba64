import Events
import Experiments
import Foundation
import HTTPServer
import HTTPTypes
import Learning

/// `/admin/experiments`: the experiments in force, their replacement while serving, and reports.
struct ExperimentRoutes: Sendable {
  private let system: AdSystem

  init(system: AdSystem) {
    self.system = system
  }

  var routes: [Route] {
    [
      Route(
        .get, "/admin/experiments", name: "experiments", documentation: .experiments,
        handler: .immediate { _ in try AdminJSON.response(system.openExperiments()) }),
      Route(
        .put, "/admin/experiments", name: "experiments_replace", accepts: ["application/json", "application/yaml"],
        documentation: .experimentsReplace,
        handler: .deferred { request, responder in
          DispatchQueue.global().async {
            do { responder(try replace(request.body)) } catch { responder(ErrorResponse.of(error)) }
          }
        }),
      Route(
        .get, "/admin/experiments/{name}/report", name: "experiment_report", documentation: .experimentReport,
        handler: .deferred { request, responder in
          DispatchQueue.global().async {
            do { responder(try report(request)) } catch { responder(ErrorResponse.of(error)) }
          }
        }),
    ]
  }

  /// Stores the new experiments, then tells the log; requests see them with the next refresh.
  private func replace(_ body: [UInt8]) throws -> Response {
    let configuration: ExperimentConfiguration
    do { configuration = try ExperimentConfiguration(yaml: Data(body)) } catch {
      throw Problem(.unprocessableContent, title: "Not possible", detail: error.description)
    }
    try DurableFile.write(Data(body), to: system.directory.experiments)
    let now = WallClock.now()
    var json = JSONWriter()
    json.object { json in
      json.member("experiment", configuration.experiments.map(\.name).joined(separator: ","))
      json.member("action", "replaced")
      json.member("who", "admin")
      json.member("why", "asked for over HTTP")
    }
    try system.log.append([Event(kind: .experimentChange, time: now, received: now, payload: json.bytes)])
    return try AdminJSON.response(configuration)
  }

  private func report(_ request: Request) throws -> Response {
    let name = request.parameters["name"] ?? ""
    guard let experiment = try system.openExperiments().experiment(name) else {
      throw Problem(.notFound, title: "No such experiment", detail: "see GET /admin/experiments for the names")
    }
    return try AdminJSON.response(ExperimentReport(experiment, store: system.store.reader))
  }
}
