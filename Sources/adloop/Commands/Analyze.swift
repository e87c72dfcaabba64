import AdServer
import ArgumentParser
import Experiments
import Foundation
import Learning

/// `adloop analyze`: whether the proxy metric is a good one.
struct Analyze: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Analyse the data behind the metrics.", subcommands: [Proxies.self])

  struct Proxies: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Which proxy metric moves with the business metric, across hours, days and segments.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let opened = try system.system()
      try opened.joiner.catchUp()
      let analysis = try ProxyAnalysis(store: opened.store.reader)
      try output.show(analysis, text: analysis.text)
    }
  }
}
