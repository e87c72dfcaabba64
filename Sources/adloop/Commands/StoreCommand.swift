import AdServer
import ArgumentParser
import Events
import Foundation
import Learning

/// `adloop store`: care for what lasts.
struct StoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store",
    abstract: "Back up, check, measure, retain and erase what lasts; a server may go on meanwhile.",
    subcommands: [Backup.self, Check.self, Size.self, Retain.self, Erase.self])

  struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Copy log, archive, store, catalog, models and keys into a new folder, consistently, while serving.",
      discussion: """
        The folder is a system of its own: start it with 'adloop serve --data-dir FOLDER'. It holds every event that was \
        acknowledged before the backup began. Keep it as safe as the original: it holds the token keys.
        """)

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "Folder to make.", completion: .directory)
    var folder: String

    func run() throws {
      let opened = try system.existing()
      var bar = ProgressBar("backup")
      let report = try SystemBackup(opened).run(to: URL(fileURLWithPath: folder, isDirectory: true)) { _, share in
        bar.update(Int(share * 1000), of: 1000)
      }
      bar.finish()
      try output.show(
        report,
        text: """
          \(folder) holds the log through offset \(report.lastOffset), joined through \(report.joinedThrough), \
          \(report.archivedDayCount) archived days, \(report.byteCount.bytes)
          """)
      output.hint("to restore: adloop serve --data-dir \(folder)")
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read everything and report what is damaged; exit code 1 when something is.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      var bar = ProgressBar("check")
      let report = try SystemCheck(directory: system.existingDirectory(), settings: system.settings()) {
        bar.update($0)
      }
      bar.finish()
      try output.show(report, text: Self.text(report))
      guard report.problems.isEmpty else { throw ExitCode.failure }
    }

    private static func text(_ report: SystemCheck) -> String {
      var lines: [String] = []
      if let log = report.log {
        lines.append(
          """
          log      \(log.eventCount) events, \(log.archivedEventCount) more in \(log.archivedDayCount) archived days, \
          offsets \(log.firstOffset) to \(log.lastOffset)
          """)
      }
      if let store = report.store {
        lines.append(
          """
          store    \(store.impressionCount) impressions, joined through \(store.joinedThrough), \
          summed through \(store.summedThrough)
          """)
      }
      lines += report.problems.map { "problem  \($0)" }
      return (lines + [report.problems.isEmpty ? "all is well" : "\(report.problems.count) problems"])
        .joined(separator: "\n")
    }
  }

  struct Size: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Bytes by part, table, day and kind, and the limits that bound them.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      let opened = try system.existing()
      let report = try StoreSizeReport(opened)
      try output.show(report, text: report.text)
      output.hint("limits: section retention of config/adloop.yaml; apply them now: adloop store retain")
    }
  }

  struct Retain: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Archive, forget and delete what the settings say is due, as a server does in the background.",
      discussion: """
        Whole UTC days of the log become archive/DAY.ndjson.gz, old rows leave the views (their hourly and daily sums stay), \
        and old archived days are deleted. See the section retention of the settings.
        """)

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Option(help: ArgumentHelp("Archive days older than this, instead of what the settings say.", valueName: "days"))
    var archiveAfterDays: Double?

    func validate() throws {
      guard archiveAfterDays ?? 1 >= 0 else { throw ValidationError("--archive-after-days can't be negative") }
    }

    func run() throws {
      let opened = try system.existing { settings in
        // No days mean for ever in the settings; here they mean all days that are over.
        if let archiveAfterDays { settings.retention.archiveAfterDays = max(archiveAfterDays, .leastNonzeroMagnitude) }
      }
      try opened.catchUp()
      var bar = ProgressBar("retain")
      let report = try Upkeep(opened).step(now: WallClock.now()) { _, done in bar.update(done) }
      bar.finish()
      var lines = report.archived.map { "archived \($0.day): \($0.eventCount) events in \($0.byteCount.bytes)" }
      lines += report.deleted.map { "deleted \($0.day): \($0.eventCount) events" }
      if report.forgottenThrough > 0 {
        lines.append("the views keep sums only through offset \(report.forgottenThrough)")
      }
      if lines.isEmpty { lines = ["nothing is due"] }
      try output.show(report, text: lines.joined(separator: "\n"))
      output.hint("next: adloop store size")
    }
  }

  struct Erase: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Erase every event of one person from log, archive and views, and leave a proof without the name.",
      discussion: """
        The proof is in the view erasures: a salt, the SHA-256 of salt, a space and the name, and the counts before and \
        after. Sums over many people and models stay. Backups made before still hold the person: delete them, or erase \
        there as well with --data-dir.
        """)

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "The person, as in /rank.")
    var user: String

    func run() throws {
      let opened = try system.existing()
      var bar = ProgressBar("erase")
      let record = try Erasure(opened).run(user: user, now: WallClock.now()) { bar.update($0) }
      bar.finish()
      var table = TextTable(["place", "before", "after"])
      table.add(["log", String(record.before.logEvents), String(record.after.logEvents)])
      table.add(["archive", String(record.before.archivedEvents), String(record.after.archivedEvents)])
      table.add(["views", String(record.before.viewRows), String(record.after.viewRows)])
      try output.show(record, text: "\(table.text)\nproof \(record.userSHA256) with salt \(record.salt)")
      output.hint("backups made before still hold this person")
    }
  }
}

extension SystemOptions {
  /// The data directory, which must hold a system already.
  func existingDirectory() throws -> DataDirectory {
    guard FileManager.default.fileExists(atPath: "\(dataDir)/events.sqlite") else {
      throw CommandError("\(dataDir) holds no system; name its folder with --data-dir")
    }
    return try directory()
  }

  /// Opens a system that exists already, with its settings changed.
  func existing(_ change: (inout Settings) -> Void = { _ in }) throws -> AdSystem {
    _ = try existingDirectory()
    var settings = try settings()
    change(&settings)
    return try system(settings)
  }
}

extension Int {
  /// The number as an amount of bytes for people.
  var bytes: String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var (amount, unit) = (Double(self), 0)
    while amount >= 1024, unit + 1 < units.count { (amount, unit) = (amount / 1024, unit + 1) }
    return unit == 0 ? "\(self) bytes" : "\(amount.formatted(decimals: 1)) \(units[unit])"
  }
}
