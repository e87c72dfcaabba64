import ArgumentParser

/// `adloop bench`: how fast this machine is.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure this machine.", subcommands: [RankBench.self, LogBench.self])
}
