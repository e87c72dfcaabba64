import Events
import Foundation
import Learning
import Ranking
import Testing

@testable import AdServer

@Suite("Settings")
struct SettingsTests {
  private func settings(_ yaml: String, _ environment: [String: String] = [:]) throws -> Settings {
    try Settings(yaml: yaml, source: "test.yaml", environment: environment)
  }

  @Test("config/adloop.yaml holds every setting, with its default")
  func fileIsComplete() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "config/adloop.yaml"), encoding: .utf8)
    #expect(try settings(text) == Settings())
    for name in try Settings.names() {
      let leaf = name.split(separator: ".").last.map(String.init) ?? name
      #expect(text.contains("\(leaf):"), "\(name) is missing")
    }
  }

  @Test("a file says only what differs, and the environment has the last word")
  func layers() throws {
    let file = "join:\n  click_window_seconds: 60\nranking:\n  slots: 3\n"
    let both = try settings(file, ["ADLOOP_JOIN_CLICK_WINDOW_SECONDS": "90", "ADLOOP_RANKING_OBJECTIVE": "ctr"])
    #expect(both.join.clickWindowSeconds == 90)
    #expect(both.ranking.slots == 3)
    #expect(both.ranking.objective == .ctr)
    #expect(both.trainer == Settings().trainer)
  }

  @Test(
    "a setting that doesn't exist, or has the wrong type, is named",
    arguments: [
      ("rankin:\n  slots: 3\n", "rankin"), ("ranking:\n  slot: 3\n", "ranking.slot"),
      ("ranking:\n  slots: many\n", "ranking.slots"), ("ranking: 3\n", "ranking"),
    ])
  func namesMistakes(_ yaml: String, _ name: String) throws {
    let error = #expect(throws: SettingsError.self) { try settings(yaml) }
    #expect(error?.description.contains("'\(name)'") == true, "\(error?.description ?? "")")
  }

  @Test("a misspelt variable of the environment is found; secrets and other programs' variables aren't")
  func misspeltVariables() throws {
    let environment = [
      "ADLOOP_JOIN_CLICK_WINDOW_SECOND": "1", "ADLOOP_JOIN_CLICK_WINDOW_SECONDS": "1", "ADLOOP_ADMIN_TOKEN": "s",
      "ADLOOP_TOKEN_KEYS": "k", "ADLOOP_SIMD": "portable", "PATH": "/bin",
    ]
    #expect(try Settings.unknownVariables(in: environment) == ["ADLOOP_JOIN_CLICK_WINDOW_SECOND"])
  }

  @Test("an instruction set that doesn't exist is refused, and those that there are are named")
  func forcedInstructions() throws {
    func settings(_ level: String) throws {
      _ = try Settings(yaml: "", source: "test", environment: ["ADLOOP_SIMD": level])
    }
    for level in SIMDLevel.available.map(\.rawValue) + [""] { try settings(level) }
    for level in ["avx-512", "AVX2", "none"] {
      let error = #expect(throws: SettingsError.self) { try settings(level) }
      #expect(error?.description.contains("'\(level)'") == true)
      #expect(error?.description.contains("portable") == true)
    }
  }
}
