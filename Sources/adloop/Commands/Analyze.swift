import AdServer
import ArgumentParser
import Experiments
import Foundation
import Learning

/// `adloop analyze`: whether the proxy metric is a good one, and why predictions shifted.
struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Analyse the data behind the metrics.", subcommands: [Proxies.self, Shift.self])

  struct Proxies: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Which proxy metric moves with the business metric.",
      discussion: """
        Across past experiments (what an arm does to the proxy against what it does to the goal, freed of the noise that the \
        same users make in both), across days or hours, and across the values of a context field. Candidates are the metrics \
        of --metrics FILE but the goal and what is made of the same sums.
        """)

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Option(help: ArgumentHelp("Also compare the values of this context field.", valueName: "field"))
    var segment: String?

    @Option(help: "Compare by hour or day; by default days, or hours when the store has few days.")
    var by: ProxyOptions.Bucket?

    @Option(help: "Newest days of the store that are looked at, past experiments included.")
    var days = 365

    @Option(help: "Relative change whose detection tells how sensitive a metric is.")
    var effect = 0.01

    func run() throws {
      var options = ProxyOptions()
      options.segmentField = segment
      options.bucket = by
      options.dayCountMax = days
      options.relativeEffect = effect
      let opened = try system.caughtUp()
      let analysis = try ProxyAnalysis(
        store: opened.store.reader, experiments: system.experimentConfiguration().experiments, metrics: opened.metrics,
        options: options)
      try output.show(analysis, text: analysis.text)
    }
  }
}

extension ProxyOptions.Bucket: ExpressibleByArgument {}
