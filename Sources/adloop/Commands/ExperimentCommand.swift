import AdServer
import ArgumentParser
import Experiments
import Foundation
import Learning

/// `adloop experiment`: what the arms of an experiment did to the proxy and the business metric.
struct ExperimentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment", abstract: "Run experiments, and compare their arms.",
    subcommands: [
      List.self, Create.self, Start.self, Ramp.self, Stop.self, Decide.self, History.self, Report.self, Power.self,
    ])

  /// The configured experiment called `name`.
  fileprivate static func experiment(_ name: String, _ options: SystemOptions) throws -> Experiment {
    let configuration = try options.experimentConfiguration()
    guard let experiment = configuration.experiment(name) else {
      let names = configuration.experiments.map(\.name).joined(separator: ", ")
      throw CommandError("there is no experiment '\(name)'; known are: \(names.isEmpty ? "none" : names)")
    }
    return experiment
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show the experiments and their arms.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let experiments = try system.experimentConfiguration().experiments
      var table = TextTable(["experiment", "status", "unit", "layer", "share", "arms"])
      for experiment in experiments {
        table.add([
          experiment.name, experiment.status.rawValue, experiment.unit.rawValue, experiment.layer,
          experiment.share.formatted(decimals: 2), experiment.armsText,
        ])
      }
      try output.show(experiments, text: experiments.isEmpty ? "no experiments" : table.text)
      output.hint("next: adloop experiment report NAME")
    }
  }

  struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "CTR and revenue per user of each arm, with intervals and a sample-ratio check.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Name of the experiment.")
    var name: String

    @Option(help: "Cap the users' sums at this quantile of all paying users, in every arm alike (such as 0.999).")
    var cap: Double?

    @Option(help: ArgumentHelp("Also write a page with plots.", valueName: "file"))
    var html: String?

    func validate() throws {
      if let cap, !(cap > 0 && cap < 1) { throw ValidationError("--cap must lie between 0 and 1") }
    }

    func run() async throws {
      let experiment = try ExperimentCommand.experiment(name, system)
      var options = ReportOptions()
      options.capQuantile = cap
      let opened = try system.system()
      try opened.joiner.catchUp()
      let report = try ExperimentReport(experiment, store: opened.store.reader, options: options)
      if let html { try Data(report.html.utf8).write(to: URL(fileURLWithPath: html), options: .atomic) }
      try output.show(report, text: report.text)
    }
  }

  struct Power: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "How many users, and how long, an experiment needs, from your own users' variance.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Smallest relative change that matters, such as 0.02.")
    var effect = 0.02

    @Option(help: "Probability of missing no such change.")
    var power = 0.8

    func validate() throws {
      guard effect > 0, power > 0, power < 1 else {
        throw ValidationError("--effect must be positive, and --power lie between 0 and 1")
      }
    }

    func run() async throws {
      var options = PowerOptions()
      options.relativeEffect = effect
      options.power = power
      let opened = try system.system()
      try opened.joiner.catchUp()
      let plan = try ExperimentPower(store: opened.store.reader, options: options)
      try output.show(plan, text: plan.text)
    }
  }
}
