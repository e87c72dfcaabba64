import AdServer
import ArgumentParser
import Catalog
import Experiments
import Features
import Foundation
import Logging

/// Where a system lives; shared by every command.
struct SystemOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Folder with everything that lasts: log, store, catalog, models, keys.", valueName: "dir"))
  var dataDir = "var"

  @Option(help: ArgumentHelp("Settings; environment variables ADLOOP_… override them.", valueName: "file"))
  var config = Self.standardConfig

  @Option(help: ArgumentHelp("What the model may look at.", valueName: "file"))
  var features = "config/features.yaml"

  @Option(help: ArgumentHelp("Experiments and their arms.", valueName: "file"))
  var experiments = Self.standardExperiments

  @Option(help: ArgumentHelp("What the arms of experiments are compared by.", valueName: "file"))
  var metrics = Self.standardMetrics

  private static let standardConfig = "config/adloop.yaml"
  private static let standardExperiments = "config/experiments.yaml"
  private static let standardMetrics = "config/metrics.yaml"

  /// A file that was named must exist; the standard one may be missing.
  private static func check(_ path: String, standard: String) throws {
    guard path == standard || FileManager.default.fileExists(atPath: path) else {
      throw CommandError("\(path): there is no such file")
    }
  }

  func settings() throws -> Settings {
    try Self.check(config, standard: Self.standardConfig)
    let environment = ProcessInfo.processInfo.environment
    for variable in try Settings.unknownVariables(in: environment) {
      let warning = "warning: \(variable) is no setting and has no effect; see \(Self.standardConfig)\n"
      FileHandle.standardError.write(Data(warning.utf8))
    }
    return try Settings(file: URL(fileURLWithPath: config), environment: environment)
  }

  func schema() throws -> Schema {
    try Schema(contentsOf: URL(fileURLWithPath: features))
  }

  func directory() throws -> DataDirectory {
    try DataDirectory(path: dataDir)
  }

  /// The ads as of now.
  ///
  /// - throws: ``CommandError`` when there are none yet.
  func catalog() throws -> LiveCatalog {
    let catalog = try directory().catalog.open()
    guard catalog.count > 0 || catalog.changeCount > 0 else {
      throw CommandError(
        "no catalog in \(dataDir): run 'adloop catalog generate' or 'adloop catalog import FILE'")
    }
    return catalog
  }

  /// The experiments in force: those changed while running, or else those of the file; none where there is no file.
  func experimentConfiguration() throws -> ExperimentConfiguration {
    try Self.check(experiments, standard: Self.standardExperiments)
    let candidates = [try directory().experiments, URL(fileURLWithPath: experiments)]
    guard let file = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
      return try ExperimentConfiguration()
    }
    return try ExperimentConfiguration(contentsOf: file)
  }

  /// The metrics of experiments; the standard ones where there is no file.
  func metricSet() throws -> MetricSet {
    try Self.check(metrics, standard: Self.standardMetrics)
    guard FileManager.default.fileExists(atPath: metrics) else { return .standard }
    return try MetricSet(contentsOf: URL(fileURLWithPath: metrics))
  }

  /// Opens the whole system without serving it; only warnings are logged.
  ///
  /// - parameter settings: in place of those of the files.
  func system(_ settings: Settings? = nil) throws -> AdSystem {
    try Self.check(experiments, standard: Self.standardExperiments)
    var logger = Logger(label: "adloop")
    logger.logLevel = .warning
    return try AdSystem(
      directory: directory(), settings: settings ?? self.settings(), schema: schema(),
      experiments: URL(fileURLWithPath: experiments), metrics: metricSet(),
      environment: ProcessInfo.processInfo.environment,
      logger: logger)
  }
}

extension SystemOptions {
  /// The system with everything joined that the log holds.
  func caughtUp() throws -> AdSystem {
    let opened = try system()
    try opened.catchUp()
    return opened
  }
}

/// Why a command can't do its work, and what to do.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// How a command answers.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON for scripts instead of text for people.")
  var json = false

  /// Prints `value` as JSON, or else `text`.
  func show(_ value: some Encodable, text: @autoclosure () -> String) throws {
    guard json else { return print(text()) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Prints what to do next, for people only.
  func hint(_ text: String) {
    if !json { print(text) }
  }
}
