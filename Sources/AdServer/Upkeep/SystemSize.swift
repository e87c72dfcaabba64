import Foundation

/// Bytes on the disk by part of the system.
public struct SystemSize: Codable, Sendable, Equatable {
  /// The parts: the log's database, its archive, the store, models, and everything else.
  static let parts = ["log", "archive", "store", "models", "rest"]

  public private(set) var byteCounts: [String: Int] = [:]
  /// Space left on the disk.
  public private(set) var freeByteCount = 0

  /// Bytes of all parts.
  public var usedByteCount: Int { byteCounts.values.reduce(0, +) }

  init() {}

  /// Looks at all files of the data directory.
  public init(_ system: AdSystem) throws {
    let root = system.directory.url
    for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
      let attributes = try? FileManager.default.attributesOfItem(atPath: root.appending(path: path).path)
      guard attributes?[.type] as? FileAttributeType == .typeRegular else { continue }
      byteCounts[Self.part(path), default: 0] += attributes?[.size] as? Int ?? 0
    }
    let disk = try FileManager.default.attributesOfFileSystem(forPath: root.path)
    freeByteCount = (disk[.systemFreeSize] as? Int) ?? (disk[.systemFreeSize] as? NSNumber)?.intValue ?? 0
  }

  private static func part(_ path: String) -> String {
    switch path.prefix(while: { $0 != "/" && $0 != "-" }) {
    case "events.sqlite": "log"
    case "archive": "archive"
    case "store.sqlite": "store"
    case "models": "models"
    default: "rest"
    }
  }
}
