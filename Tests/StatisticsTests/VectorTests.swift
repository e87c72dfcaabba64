import Foundation
import StatisticsVectors
import Testing

@Suite("Reference vectors")
struct VectorTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  private static let shared = folder.appending(path: "../../../shared/reference/vectors.json").standardizedFileURL

  @Test(
    "every reference vector at hand is met",
    .enabled(if: FileManager.default.fileExists(atPath: Self.shared.path), "needs the shared reference vectors"))
  func sharedVectors() throws {
    for entry in try VectorFile(contentsOf: Self.shared).entries {
      #expect(entry.differences().isEmpty, "\(entry.id)")
    }
  }

  @Test("our own vectors, computed with mpmath and SciPy, are met")
  func ownVectors() throws {
    for entry in try VectorFile(contentsOf: Self.folder.appending(path: "vectors.json")).entries {
      #expect(entry.differences().isEmpty, "\(entry.id)")
    }
  }

  @Test("a difference, a null for a number and an unknown function are told")
  func reportsDifferences() throws {
    let json = """
      {"entries": [
        {"id": "a", "function": "normal_cdf", "inputs": {"x": 0}, "expected": 0.6, "tolerance": {"rel": 0, "abs": 0.05}},
        {"id": "b", "function": "normal_cdf", "inputs": {"x": 0}, "expected": null, "tolerance": {"rel": 1, "abs": 1}},
        {"id": "c", "function": "nothing", "inputs": {}, "expected": null, "tolerance": {"rel": 1, "abs": 1}},
        {"id": "d", "function": "normal_cdf", "inputs": {"x": 0}, "expected": 0.6, "tolerance": {"rel": 0, "abs": 0.11}}
      ]}
      """
    let entries = try JSONDecoder().decode(VectorFile.self, from: Data(json.utf8)).entries
    #expect(entries.map { $0.differences().isEmpty } == [false, false, false, true])
  }
}
