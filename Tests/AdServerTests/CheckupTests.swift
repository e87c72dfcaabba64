import Catalog
import Events
import Features
import Foundation
import Learning
import Testing

@testable import AdServer

@Suite("Checkup")
struct CheckupTests {
  /// A system in a folder of its own, with `count` ads of the generated catalog.
  private func system(adCount: Int) throws -> AdSystem {
    let folder = FileManager.default.temporaryDirectory.appending(path: "checkup-\(UUID())")
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let system = try AdSystem(
      directory: DataDirectory(path: folder.path), settings: Settings(),
      schema: Schema(contentsOf: root.appending(path: "config/features.yaml")),
      experiments: root.appending(path: "config/experiments.yaml"), environment: [:])
    if adCount > 0 {
      var builder = CatalogBuilder()
      for number in 0..<adCount { try builder.add(Ad(id: "ad-\(number)", bid: Double(number + 1))) }
      try CatalogFile.write(builder.build(), to: system.directory.catalog)
    }
    try system.catchUp()
    return system
  }

  private func status(_ checkup: Checkup, _ name: String) -> Finding.Status? {
    checkup.findings.first { $0.name == name }?.status
  }

  @Test("a whole system passes, and what could be better is a warning with a remedy")
  func whole() throws {
    let system = try system(adCount: 20)
    defer { try? FileManager.default.removeItem(at: system.directory.url) }
    let checkup = Checkup(system)
    #expect(checkup.isHealthy, "\(checkup.findings)")
    #expect(status(checkup, "golden requests") == .ok)
    #expect(status(checkup, "landing pages") == .warning)
    #expect(checkup.findings.allSatisfy { ($0.status == .ok) == ($0.remedy == nil) })
    try system.close()
  }

  @Test("an empty catalog, a damaged model, a clock that went back and open keys are each found")
  func faults() throws {
    let system = try system(adCount: 0)
    defer { try? FileManager.default.removeItem(at: system.directory.url) }
    #expect(status(Checkup(system), "catalog") == .failed)
    #expect(status(Checkup(system, now: 0), "clock") == .failed)
    let keys = system.directory.url.appending(path: "keys")
    for file in try FileManager.default.contentsOfDirectory(atPath: keys.path) {
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: keys.appending(path: file).path)
    }
    #expect(status(Checkup(system), "keys") == .failed)
    let model = system.directory.url.appending(path: "models/prior.json")
    try Data("{}".utf8).write(to: model)
    let checkup = Checkup(system)
    #expect(status(checkup, "model") == .failed)
    #expect(!checkup.isHealthy)
    try system.close()
  }
}
