import AdServer
import ArgumentParser
import Experiments
import Foundation

/// `adloop experiment`: what the arms of an experiment did to the proxy and the business metric.
struct ExperimentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment", abstract: "Run experiments, and compare their arms.",
    subcommands: [
      List.self, Create.self, Start.self, Ramp.self, Stop.self, Decide.self, History.self, Report.self, Power.self,
      AA.self,
    ])

  /// The configured experiment called `name`.
  static func experiment(_ name: String, _ options: SystemOptions) throws -> Experiment {
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
}
