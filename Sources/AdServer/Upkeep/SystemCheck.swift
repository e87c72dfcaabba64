import Events
import Foundation
import Learning
import Logging

/// A full look at log, archive and store; takes minutes for 100 million events, while a server goes on.
public struct SystemCheck: Codable, Sendable {
  /// `nil` when the log can't be opened.
  public private(set) var log: LogInspection?
  /// `nil` when the store can't be opened.
  public private(set) var store: StoreInspection?
  /// What is wrong, each with the way out; empty when all is well.
  public private(set) var problems: [String] = []

  /// - parameter progress: told the events read so far.
  public init(directory: DataDirectory, settings: Settings, progress: (Int) -> Void = { _ in }) {
    var logger = Logger(label: "adloop.check")
    logger.logLevel = .warning
    let openedLog = attempt { try EventLog(directory: directory.url, configuration: settings.log, logger: logger) }
    let openedStore = attempt { try Store(directory: directory.url) }
    log = openedLog?.inspect(progress: progress)
    store = openedStore?.inspect { openedLog?.lastOffset }
    problems += (log?.problems ?? []) + (store?.problems ?? [])
  }

  private mutating func attempt<Part>(_ open: () throws -> Part) -> Part? {
    do { return try open() } catch {
      problems.append("\(error)")
      return nil
    }
  }
}
