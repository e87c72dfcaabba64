import AdServer
import ArgumentParser
import Catalog
import Foundation

/// `adloop catalog`: the ads.
struct CatalogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalog", abstract: "Make, import, export and inspect the ads.",
    subcommands: [Generate.self, ImportAds.self, Export.self, Inspect.self])

  struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a realistic catalog: long tails of advertisers and campaigns, targeting, log-normal bids.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Option(parsing: .unconditional, help: "How many ads.")
    var ads = 1_000_000

    @Option(help: "The same seed makes the same bytes.")
    var seed: UInt64 = 7

    func validate() throws {
      guard (1...CatalogBuilder.Limits.adCountMax).contains(ads) else {
        throw ValidationError("--ads must lie between 1 and \(CatalogBuilder.Limits.adCountMax), but is \(ads)")
      }
    }

    func run() throws {
      var bar = ProgressBar("generate")
      let snapshot = try CatalogGenerator.snapshot(adCount: ads, seed: seed) { bar.update($0, of: ads) }
      bar.finish()
      try system.directory().catalog.replace(with: snapshot)
      try output.show(
        CatalogSummary(snapshot), text: "made \(snapshot.count) ads, version \(snapshot.version)")
      output.hint("next: adloop catalog inspect, adloop serve")
    }
  }

  struct ImportAds: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import", abstract: "Take the ads of an NDJSON or CSV file, gzip too, in place of the present ones.",
      discussion:
        "A line that can't be used is reported with its number; the others are kept, unless --strict is given. Changes made "
        + "over /admin/ads before are dropped with the ads they changed; a running server takes the new ads within a second."
    )

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The file.", completion: .file())
    var file: String

    @Flag(help: "Change nothing when any line can't be used.")
    var strict = false

    func run() throws {
      var bar = ProgressBar("import")
      let result = try CatalogImporter.importFile(URL(fileURLWithPath: file), strict: strict) { progress in
        bar.update(progress.lineCount)
      }
      bar.finish()
      for rejection in result.rejections.first.prefix(20) where !output.json {
        FileHandle.standardError.write(Data("line \(rejection.line): \(rejection.reason)\n".utf8))
      }
      guard result.acceptedCount > 0 else {
        throw CommandError("\(file) has no usable ad; the catalog stays as it was")
      }
      try system.directory().catalog.replace(with: result.snapshot)
      let text = "\(result.acceptedCount) ads taken, \(result.rejections.count) lines rejected"
      try output.show(CatalogSummary(result), text: text)
      if result.unlinkedCount > 0 {
        output.hint("\(result.unlinkedCount) ads have no url: their clicks are logged, but can't be redirected")
      }
      output.hint("next: adloop catalog inspect; a running server shows the ads within a second")
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print all ads as NDJSON, by id.")

    @OptionGroup var system: SystemOptions

    @Flag(help: "Accepted for symmetry; NDJSON is JSON in any case.")
    var json = false

    func run() throws {
      let snapshot = try system.catalog().merged()
      try snapshot.exportNDJSON { try FileHandle.standardOutput.write(contentsOf: $0) }
    }
  }

  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show attributes, cardinalities, targeting and bids.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      let inspection = CatalogInspection(try system.catalog().merged())
      try output.show(inspection, text: inspection.table)
    }
  }
}

/// What a command did to the catalog.
private struct CatalogSummary: Encodable {
  var ads: Int
  var version: String
  var rejectedCount = 0
  /// Ads whose clicks lead nowhere.
  var withoutUrlCount = 0
  var rejections: [Rejections.Rejection] = []

  init(_ snapshot: CatalogSnapshot) {
    ads = snapshot.count
    version = snapshot.version
  }

  init(_ result: CatalogImport) {
    self.init(result.snapshot)
    rejectedCount = result.rejections.count
    withoutUrlCount = result.unlinkedCount
    rejections = result.rejections.first
  }
}
