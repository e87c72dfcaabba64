import AdServer
import ArgumentParser
import Experiments
import Foundation
import Learning
import Locking

extension ExperimentCommand {
  struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What each arm does to every metric, today and in the long run, and whether to believe it.",
      discussion: """
        Each difference has an interval for reading it once, at a time fixed beforehand, and one that holds however often you \
        look. The long run: what the arm does at once, what users learn of it (from the last days, or from the days after a \
        stopped experiment), and both over a year. The metrics are those of --metrics FILE.
        """)

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Name of the experiment.")
    var name: String

    @Option(help: "Cap the users' sums at this quantile of all paying users, in every arm alike (such as 0.999).")
    var cap: Double?

    @Option(help: ArgumentHelp("Also compare by the values of this context field.", valueName: "field"))
    var segment: String?

    @Option(help: "Confidence of the intervals.")
    var confidence = 0.95

    @Option(help: ArgumentHelp("Also write a page with plots.", valueName: "file"))
    var html: String?

    func validate() throws {
      if let cap, !(cap > 0 && cap < 1) { throw ValidationError("--cap must lie between 0 and 1") }
      guard confidence > 0, confidence < 1 else { throw ValidationError("--confidence must lie between 0 and 1") }
    }

    func run() throws {
      let experiment = try ExperimentCommand.experiment(name, system)
      var options = ReportOptions()
      options.capQuantile = cap
      options.segmentField = segment
      options.confidence = confidence
      let opened = try system.caughtUp()
      let report = try ExperimentReport(
        experiment, store: opened.store.reader, metrics: opened.metrics, options: options)
      if let html { try Data(report.html.utf8).write(to: URL(fileURLWithPath: html), options: .atomic) }
      try output.show(report, text: report.text)
    }
  }

  struct Power: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "How many users, and how long, an experiment needs, from your own users' variance.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Smallest relative change that matters, such as 0.02.")
    var effect = 0.02

    @Option(help: "Probability of finding such a change.")
    var power = 0.8

    @Option(help: "Probability of finding one where there is none.")
    var alpha = 0.05

    @Option(help: "Arms of equal weight, the control included.")
    var arms = 2

    @Option(help: "Share of the traffic, 0 to 1.")
    var share = 1.0

    @Option(help: "What is assigned: user or request.")
    var unit = Experiment.Unit.user

    @Option(help: "Newest days of the store that are looked at.")
    var days = 56

    func validate() throws {
      guard effect > 0, power > 0, power < 1, alpha > 0, alpha < 1 else {
        throw ValidationError("--effect must be positive, and --power and --alpha lie between 0 and 1")
      }
    }

    func run() throws {
      var options = PowerOptions()
      options.relativeEffect = effect
      options.power = power
      options.alpha = alpha
      options.armCount = arms
      options.share = share
      options.unit = unit
      options.dayCountMax = days
      let opened = try system.caughtUp()
      let plan = try ExperimentPower(store: opened.store.reader, metrics: opened.metrics, options: options)
      try output.show(plan, text: plan.text)
    }
  }

  struct AA: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "aa", abstract: "Check the whole analysis on your own users, with arms that differ in nothing.",
      discussion: """
        Draws arms for the store's users again and again, and analyses each as a real experiment: at the end, and after every \
        day. A right analysis finds a difference in a share of alpha of them, and p-values as often in each tenth.
        """)

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Experiments to play.")
    var runs = 200

    @Option(help: "Newest days of the store that each of them sees.")
    var days = 30

    @Option(help: "Users in each, drawn at random when there are more.")
    var users = 20_000

    @Option(help: "Share of false findings that is accepted.")
    var alpha = 0.05

    @Option(help: "Cap of the users' sums, as in your reports (such as 0.999).")
    var cap: Double?

    @Option(help: "Another seed draws other users.")
    var seed: UInt64 = 1

    func run() throws {
      var options = AAOptions()
      options.runCount = runs
      options.dayCountMax = days
      options.userCountMax = users
      options.alpha = alpha
      options.capQuantile = cap
      options.seed = seed
      let opened = try system.caughtUp()
      let bar = Locked(ProgressBar("experiments"))
      let test = try AATest(store: opened.store.reader, metrics: opened.metrics, options: options) { [runs] done in
        bar.withLock { $0.update(done, of: runs) }
      }
      bar.withLock { $0.finish() }
      try output.show(test, text: test.text)
      if test.metrics.contains(where: { $0.verdict == .tooMany }) { throw ExitCode.failure }
    }
  }
}
