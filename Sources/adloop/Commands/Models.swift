import AdServer
import ArgumentParser
import Foundation
import Learning
import Ranking

/// `adloop models`: all models, and which one serves.
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, show, move and deploy models.",
    subcommands: [
      List.self, Show.self, Export.self, ImportModel.self, Promote.self, Rollback.self, Shadow.self, History.self,
    ])

  /// Tells people when a model was trained with another features file.
  private static func warn(_ id: String, in opened: AdSystem) throws {
    guard let warning = try opened.registry.model(id).featuresWarning else { return }
    FileHandle.standardError.write(Data("warning: \(warning)\n".utf8))
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "All models, oldest first.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      let opened = try system.caughtUp()
      var table = TextTable(["model", "state", "log loss", "NE", "calibration", "reason"])
      let records = opened.registry.list()
      for record in records {
        table.add([
          record.id, record.state.rawValue, Self.text(record.metrics?.logLoss),
          Self.text(record.metrics?.normalizedEntropy), Self.text(record.metrics?.calibrationRatio), record.reason,
        ])
      }
      try output.show(records, text: table.text)
    }

    private static func text(_ value: Double?) -> String { value?.formatted(decimals: 5) ?? "–" }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "One model: state, quality, lineage.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Id of a model, or current.")
    var id = "current"

    func run() throws {
      let record = try system.caughtUp().registry.record(id)
      try output.show(record, text: Self.text(record))
    }

    private static func text(_ record: ModelRecord) -> String {
      var facts = TextTable(["model", record.id])
      facts.add(["state", record.state.rawValue])
      if let refusal = record.refusal { facts.add(["refused for", refusal.rawValue]) }
      facts.add(["reason", record.reason])
      facts.add(["created", Date(timeIntervalSince1970: Double(record.created) / 1000).formatted(.iso8601)])
      facts.add(["features", record.featuresSHA256])
      facts.add(["file", record.sha256])
      if let lineage = record.lineage {
        facts.add(["origin", lineage.origin.rawValue])
        facts.add(["examples", "\(lineage.window?.exampleCount ?? 0)"])
        facts.add(["open impressions", "\(lineage.provisional?.exampleCount ?? 0)"])
        facts.add(["parent", lineage.parent ?? "–"])
      }
      guard let metrics = record.metrics else { return facts.text }
      var quality = TextTable(["measure", "value"])
      for (name, value) in QualityTable.measures { quality.add([name, value(metrics)]) }
      return "\(facts.text)\n\n\(quality.text)"
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print a model's file, from which anybody can recompute every probability.")

    @OptionGroup var system: SystemOptions

    @Argument(help: "Id of a model, or current.")
    var id = "current"

    @Flag(help: "Accepted for symmetry; a model's file is JSON in any case.")
    var json = false

    func run() throws {
      try FileHandle.standardOutput.write(contentsOf: system.caughtUp().registry.data(id))
    }
  }

  struct ImportModel: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import", abstract: "Register a model file made elsewhere.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The file.", completion: .file())
    var file: String

    @Flag(help: "Let it serve at once.")
    var promote = false

    func run() throws {
      let data: Data
      do { data = try Data(contentsOf: URL(fileURLWithPath: file)) } catch {
        throw CommandError("\(file): can't be read; name a model file, as 'adloop models export' prints it")
      }
      let opened = try system.caughtUp()
      let record = try opened.registry.importModel(data)
      try Models.warn(record.id, in: opened)
      if promote { try opened.registry.promote(record.id, reason: "imported", who: "models import") }
      try output.show(opened.registry.record(record.id), text: "\(record.id) is registered")
      if !promote { output.hint("next: adloop models promote \(record.id)") }
    }
  }

  struct Promote: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let a model serve; a running server follows within a second.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Id of the model.")
    var id: String

    @Option(help: "Why, for the history.")
    var reason = "promoted by hand"

    func run() throws {
      let opened = try system.caughtUp()
      let refusal = try opened.registry.record(id).refusal
      try opened.registry.promote(id, reason: reason, who: "models promote")
      try Models.warn(id, in: opened)
      if let refusal {
        FileHandle.standardError.write(Data("warning: the gate refused it for \(refusal.rawValue)\n".utf8))
      }
      try output.show(opened.registry.record(id), text: "\(id) serves now")
      output.hint("to undo: adloop models rollback")
    }
  }

  struct Rollback: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Let the model serve that served before.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Why, for the history.")
    var reason = "rolled back by hand"

    func run() throws {
      let opened = try system.caughtUp()
      let id = try opened.registry.rollback(reason: reason, who: "models rollback")
      try output.show(opened.registry.record(id), text: "\(id) serves again")
    }
  }

  struct Shadow: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let a model score live traffic without serving it; see adloop_shadow_… in /metrics.",
      discussion: """
        The server scores a share (trainer.live.shadow_share) of the joined live impressions with it, as soon as their \
        labels are known, and compares with what was served. It costs no request any time.
        """)

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Id of the model, or none.")
    var id: String

    func run() throws {
      let opened = try system.caughtUp()
      try opened.registry.setShadow(id == "none" ? nil : id)
      try output.show(
        ["shadow": opened.registry.shadow], text: opened.registry.shadow.map { "\($0) is the shadow" } ?? "no shadow")
      if id != "none" { output.hint("next: adloop evaluate --model \(id) --compare current") }
    }
  }

  struct History: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Which model served from when on, and why.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      let history = try system.caughtUp().registry.history
      var table = TextTable(["time", "model", "action", "who", "reason"])
      for deployment in history {
        let time = Date(timeIntervalSince1970: Double(deployment.time) / 1000).formatted(.iso8601)
        table.add([time, deployment.model, deployment.action.rawValue, deployment.who, deployment.reason])
      }
      try output.show(history, text: table.text)
    }
  }
}
