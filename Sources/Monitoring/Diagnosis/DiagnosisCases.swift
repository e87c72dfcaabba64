import Foundation

/// A folder of revenue drops: `cases.json` names the tables, windows and reference days.
public struct DiagnosisCases: Sendable {
  /// One entry of `cases.json`.
  public struct Case: Sendable, Codable, Equatable {
    public let name: String
    /// A CSV file in the folder, laid out as `RevenueTable(csv:)` reads it.
    public let file: String
    public let windowStart: UTCHour
    public let windowEnd: UTCHour
    public let referenceDays: [UTCHour]

    enum CodingKeys: String, CodingKey {
      case name = "case"
      case file
      case windowStart = "window_start"
      case windowEnd = "window_end"
      case referenceDays = "reference_days"
    }
  }

  /// What came of the cases, in their order.
  public struct Outcome: Sendable {
    public let reports: [(name: String, report: DiagnosisReport)]
    /// The cases that could not be diagnosed, each with its name and what to do.
    public let problems: [String]

    public var answers: DiagnosisAnswers {
      DiagnosisAnswers(answers: reports.map { DiagnosisAnswers.Answer(name: $0.name, report: $0.report) })
    }
  }

  private struct Entry: Decodable {
    let name: String?
    let value: Result<Case, any Error>

    init(from decoder: any Decoder) throws {
      name = try? decoder.container(keyedBy: Case.CodingKeys.self).decode(String.self, forKey: .name)
      value = Result { try Case(from: decoder) }
    }
  }

  private struct Index: Decodable {
    let cases: [Entry]
  }

  private let directory: URL
  private let entries: [Entry]

  public var count: Int { entries.count }

  /// - throws: `DiagnosisError.badCases` when `cases.json` is missing or isn't an index of cases.
  public init(directory: URL) throws(DiagnosisError) {
    self.directory = directory
    let file = directory.appending(path: "cases.json")
    do {
      entries = try JSONDecoder().decode(Index.self, from: Data(contentsOf: file)).cases
    } catch {
      throw .badCases("\(file.path) must be a JSON object with a list \"cases\" (\(error.localizedDescription))")
    }
  }

  /// Diagnoses every case. One that can't be read becomes a problem and doesn't stop the others. `progress` is called
  /// with the number of cases done.
  public func run(progress: (Int) -> Void = { _ in }) -> Outcome {
    var reports: [(name: String, report: DiagnosisReport)] = []
    var problems: [String] = []
    for (index, entry) in entries.enumerated() {
      do {
        let item = try entry.value.get()
        reports.append((item.name, try diagnose(item)))
      } catch {
        problems.append("case \(entry.name ?? "number \(index + 1)"): \(error)")
      }
      progress(index + 1)
    }
    return Outcome(reports: reports, problems: problems)
  }

  private func diagnose(_ item: Case) throws -> DiagnosisReport {
    let table = try RevenueTable(csv: Data(contentsOf: directory.appending(path: item.file)))
    return try Diagnosis.run(
      table, windowStart: item.windowStart, windowEnd: item.windowEnd, referenceDays: item.referenceDays)
  }
}
