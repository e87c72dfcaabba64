import AdServer
import ArgumentParser
import Experiments
import Foundation

/// Who takes a step of an experiment's life, and why; shared by every such command.
struct StepOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
  var why: String

  @Option(help: ArgumentHelp("Who, for the history.", valueName: "name"))
  var who = NSUserName()

  func signature() throws -> ExperimentBook.Signature { try ExperimentBook.Signature(who: who, why: why) }
}

extension ExperimentCommand {
  /// Takes a step and shows what became of the experiment.
  fileprivate static func take(
    _ step: ExperimentStep, of name: String, _ system: SystemOptions, _ options: StepOptions, _ output: OutputOptions,
    next: (Experiment) -> String
  ) throws {
    let signature = try options.signature()
    let experiment = try ExperimentBook(try system.caughtUp()).take(step, of: name, signature)
    try output.show(experiment, text: experiment.summary)
    output.hint("next: " + next(experiment))
  }

  struct Create: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Create an experiment as a draft.",
      discussion: """
        The first arm is the control. An arm is NAME, or NAME:SETTING=VALUE,… with weight and what it changes:
          --arm control --arm cheap:reserve_price=0.05,slots=3
        Settings are those that config/adloop.yaml marks as testable.
        """)

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var step: StepOptions

    @Argument(help: "Name: letters, digits, _ - and .")
    var name: String

    @Option(help: ArgumentHelp("An arm with what it changes; repeatable, the control first.", valueName: "arm"))
    var arm: [String]

    @Option(help: "Experiments of one layer exclude each other; different layers are independent.")
    var layer = "default"

    @Option(help: "Where its range of the layer begins, 0 to 1; by default the first place with enough room to ramp.")
    var start: Double?

    @Option(help: "Share of the layer, 0 to 1.")
    var share = 1.0

    @Option(help: "What is assigned: user or request.")
    var unit = Experiment.Unit.user

    @Flag(help: "Divide each campaign's budget as the users are, so that no arm spends another's money.")
    var splitBudget = false

    func run() throws {
      let arms = try arm.map { try Arm(argument: $0) }
      let configuration = try system.experimentConfiguration()
      let experiment = Experiment(
        name: name, unit: unit, layer: layer,
        start: start ?? configuration.freeStart(layer: layer, share: share), share: share, status: .draft,
        splitsBudget: splitBudget, arms: arms)
      try ExperimentCommand.take(.create(experiment), of: name, system, step, output) {
        "adloop rank --arm \($0.name)=\($0.arms[1].name) to see an arm, then adloop experiment start \($0.name)"
      }
    }
  }

  struct Start: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Let a draft run: assign users from now on.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var step: StepOptions

    @Argument(help: "Name of the experiment.")
    var name: String

    @Option(help: "Share of the layer, 0 to 1, in place of the draft's.")
    var share: Double?

    func run() throws {
      try ExperimentCommand.take(.start(share: share), of: name, system, step, output) {
        "adloop experiment report \($0.name)" + ($0.share < 1 ? ", and adloop experiment ramp \($0.name)" : "")
      }
    }
  }

  struct Ramp: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a running experiment a larger share: adds users and moves none.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var step: StepOptions

    @Argument(help: "Name of the experiment.")
    var name: String

    @Option(help: "Share of the layer from now on, 0 to 1.")
    var share: Double

    func run() throws {
      try ExperimentCommand.take(.ramp(share: share), of: name, system, step, output) {
        "adloop experiment report \($0.name)"
      }
    }
  }

  struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Stop an experiment, or one of its arms: its users see what everybody sees.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var step: StepOptions

    @Argument(help: "Name of the experiment.")
    var name: String

    @Option(help: "Only this arm.")
    var arm: String?

    func run() throws {
      try ExperimentCommand.take(arm.map { .stopArm($0) } ?? .stop, of: name, system, step, output) {
        "adloop experiment report \($0.name), then adloop experiment decide \($0.name)"
      }
    }
  }

  struct Decide: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End an experiment for one of its arms.",
      discussion: """
        What the arm changes holds for everybody but the held-out users from now on; deciding for a control that changes \
        nothing leaves all as it was. A model that an arm names must be promoted by hand.
        """)

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var step: StepOptions

    @Argument(help: "Name of the experiment.")
    var name: String

    @Option(help: "The arm that won.")
    var arm: String

    func run() throws {
      try ExperimentCommand.take(.decide(arm: arm), of: name, system, step, output) {
        $0.arm(arm)?.changes.model.map { "adloop models promote \($0)" } ?? "adloop experiment history \(name)"
      }
    }
  }

  struct History: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Every step, oldest first, with who and why.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Name of an experiment; all when left out.")
    var name: String?

    func run() throws {
      let entries = try ExperimentBook(try system.caughtUp()).history(of: name)
      var table = TextTable(["time", "experiment", "step", "share", "arms", "who", "why"])
      for entry in entries {
        table.add([
          entry.time, entry.experiment, entry.action, entry.after.map { $0.share.formatted(decimals: 3) } ?? "–",
          entry.after?.armsText ?? "–", entry.who, entry.why,
        ])
      }
      try output.show(entries, text: entries.isEmpty ? "no steps" : table.text)
    }
  }
}

extension Experiment.Unit: ExpressibleByArgument {}

extension Experiment {
  /// The arms with their weights, and what became of them.
  var armsText: String {
    arms.map { arm in
      let state = arm.isStopped ? " (stopped)" : arm.name == decision ? " (decided)" : ""
      return "\(arm.name) \(arm.weight.formatted(decimals: 2))\(state)"
    }.joined(separator: ", ")
  }

  fileprivate var summary: String {
    "\(name) is \(status.rawValue): \(unit.rawValue)s of layer '\(layer)' from \(start.formatted(decimals: 4)), share "
      + "\(share.formatted(decimals: 4)); arms \(armsText)"
  }
}
