import Catalog
import Foundation
import Testing

@testable import AdServer

@Suite("Checkup")
struct CheckupTests {
  private func status(_ checkup: Checkup, _ name: String) -> Finding.Status? {
    checkup.findings.first { $0.name == name }?.status
  }

  @Test("a whole system passes, and what could be better is a warning with a remedy")
  func whole() throws {
    let test = try TestSystem()
    let system = test.system
    var builder = CatalogBuilder()
    for number in 0..<20 { try builder.add(Ad(id: "ad-\(number)", bid: Double(number + 1))) }
    try system.directory.catalog.replace(with: builder.build())
    try system.catchUp()
    let checkup = Checkup(system)
    #expect(checkup.isHealthy, "\(checkup.findings)")
    #expect(status(checkup, "golden requests") == .ok)
    #expect(status(checkup, "landing pages") == .warning)
    #expect(checkup.findings.allSatisfy { ($0.status == .ok) == ($0.remedy == nil) })
  }

  @Test("an empty catalog, a damaged model, a clock that went back and open keys are each found")
  func faults() throws {
    let test = try TestSystem()
    let system = test.system
    try system.catchUp()
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
  }
}
