import Events
import Features
import Foundation

@testable import AdServer

/// A system in a folder of its own, removed with it.
final class TestSystem {
  let system: AdSystem

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  init(_ settings: Settings = Settings()) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "adserver-\(UUID())")
    system = try AdSystem(
      directory: DataDirectory(path: folder.path), settings: settings,
      schema: Schema(contentsOf: Self.root.appending(path: "config/features.yaml")),
      experiments: Self.root.appending(path: "config/experiments.yaml"), environment: [:])
  }

  deinit {
    try? system.close()
    try? FileManager.default.removeItem(at: system.directory.url)
  }
}
