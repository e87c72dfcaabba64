import ArgumentParser

/// The command line: one subcommand for each stage of the loop.
@main
struct Adloop: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adloop",
    abstract:
      "Ranks ads, logs what happened, learns from it, proves that it helped, and says why when the money drops.",
    discussion: "Exit codes: 0 done, 1 failed, 64 the command line is wrong.",
    version: "0.1.0",
    subcommands: [
      Serve.self, CatalogCommand.self, Import.self, Train.self, Evaluate.self, Models.self, Rank.self, Simulate.self,
      ExperimentCommand.self, Analyze.self, Diagnose.self, DriftCommand.self, AlertsCommand.self, Doctor.self,
      Explain.self,
      ReplayCommand.self,
      ProbeCommand.self, Bench.self,
      StoreCommand.self, Export.self,
    ])
}
