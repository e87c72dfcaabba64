import Foundation
import Testing

@testable import Monitoring

@Suite("Folders of cases")
struct DiagnosisCasesTests {
  private static let shared = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/reference/revenue_drops").standardizedFileURL
  private static let hasShared = FileManager.default.fileExists(atPath: shared.appending(path: "truth.json").path)

  private struct Truth: Decodable {
    struct Case: Decodable {
      let `case`: String
      let anomaly: Bool
      let causes: [DiagnosisAnswers.Cause]
    }
    let cases: [Case]
  }

  @Test("the shared cases are answered as their truth says", .enabled(if: hasShared))
  func answersSharedCases() throws {
    let truth = try JSONDecoder().decode(
      Truth.self, from: Data(contentsOf: Self.shared.appending(path: "truth.json")))
    let outcome = try DiagnosisCases(directory: Self.shared).run()
    #expect(outcome.problems.isEmpty)
    #expect(outcome.answers.answers.map(\.name) == truth.cases.map(\.case))
    for (answer, expected) in zip(outcome.answers.answers, truth.cases) {
      #expect(answer.anomaly == expected.anomaly, "\(answer.name)")
      #expect(answer.causes.first == expected.causes.first, "\(answer.name)")
    }
  }

  @Test("a case that can't be read is named and doesn't stop the others")
  func namesBrokenCases() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "cases-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var world = RevenueWorld(seed: 5)
    let table = try world.table { day, isInWindow, cell in
      .init(price: day == 3 && isInWindow && cell.category == "banking" ? 0.5 : 1)
    }
    try Data(table.csv.utf8).write(to: folder.appending(path: "good.csv"))
    let window = """
      "window_start": "2024-05-20T12", "window_end": "2024-05-20T15", \
      "reference_days": ["2024-04-29", "2024-05-06", "2024-05-13"]
      """
    let index = """
      {"cases": [{"case": "lost", "file": "nowhere.csv", \(window)}, {"case": "odd", "file": 7},
      {"case": "good", "file": "good.csv", \(window)}]}
      """
    try Data(index.utf8).write(to: folder.appending(path: "cases.json"))
    var done: [Int] = []
    let outcome = try DiagnosisCases(directory: folder).run { done.append($0) }
    #expect(done == [1, 2, 3])
    #expect(outcome.problems.count == 2)
    #expect(outcome.problems[0].contains("lost"))
    #expect(outcome.problems[1].contains("odd"))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let answers = String(decoding: try encoder.encode(outcome.answers), as: UTF8.self)
    #expect(
      answers == """
        {"answers":[{"anomaly":true,"case":"good","causes":[{"factor":"price","kind":"price_drop",\
        "where":{"category":["banking"]}}]}]}
        """)
  }

  @Test("a folder without an index is refused")
  func refusesFolder() {
    #expect(throws: DiagnosisError.self) { try DiagnosisCases(directory: URL(filePath: "/nonexistent")) }
  }

  @Test("a report reads the same from JSON and is drawn as text and as a page")
  func reportIsReadable() throws {
    var world = RevenueWorld(seed: 6)
    let report = try world.table { day, isInWindow, cell in
      .init(fill: day == 3 && isInWindow && cell.device == "ios" ? 0.5 : 1)
    }.diagnosed()
    #expect(try JSONDecoder().decode(DiagnosisReport.self, from: JSONEncoder().encode(report)) == report)
    #expect(report.story.contains("device ios: fill rate -50."))
    #expect(report.plainText.contains("1. fill_loss, device ios"))
    #expect(report.html.contains("<svg"))
    #expect(report.html.contains("</html>"))
    #expect(report.hours.count == 6)
    #expect(report.hours.filter(\.isInWindow).count == 3)
  }
}

extension RevenueTable {
  /// The table as `init(csv:)` reads it.
  fileprivate var csv: String {
    let lines = (0..<rowCount).map { row in
      let names = dimensions.indices.map { values[$0][Int(codes[$0][row])] }
      let numbers = RevenueMeasure.allCases.map { "\(measures[row][keyPath: $0.path])" }
      return ([hours[row].description] + names + numbers).joined(separator: ",")
    }
    let header = "hour," + dimensions.joined(separator: ",") + ",requests,filled,impressions,clicks,revenue,sum_pctr"
    return ([header] + lines).joined(separator: "\n")
  }
}
