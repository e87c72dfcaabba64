import Foundation
import Testing

@testable import Monitoring

@Suite("Revenue table and hours")
struct RevenueTableTests {
  private static let header = "hour,country,requests,filled,impressions,clicks,revenue,sum_pctr"

  @Test("columns may come in any order and what is no measure is a dimension")
  func readsColumnsInAnyOrder() throws {
    let text =
      "slot,revenue,clicks,hour,requests,filled,impressions,sum_pctr,country\r\ntop,1.5,2,2024-05-20T17,10,9,8,2.5,DE\n"
    let table = try RevenueTable(csv: text.utf8)
    #expect(table.dimensions == ["slot", "country"])
    #expect(table.values == [["top"], ["DE"]])
    #expect(
      table.measures == [
        RevenueMeasures(requests: 10, filled: 9, impressions: 8, clicks: 2, revenue: 1.5, predictedClicks: 2.5)
      ])
    #expect(table.hours == [UTCHour("2024-05-20T17")!])
  }

  @Test(
    "a wrong table is refused with its line and reason",
    arguments: [
      ("", "empty"), ("hour,requests\n", "filled is missing"), ("\(header)\n2024-05-20T17,DE,1,1\n", "Row 2"),
      ("\(header)\n2024-05-20T17,DE,1,1,1,x,0,0\n", "clicks is x"),
      ("\(header)\nyesterday,DE,1,1,1,0,0,0\n", "yesterday"),
      ("\(header)\n2024-05-20T17,DE,-1,1,1,0,0,0\n", "not negative"),
      ("\(header)\n2024-05-20T17,DE,nan,1,1,0,0,0\n", "finite"), ("hour,hour\n", "twice"),
    ])
  func refusesWrongTable(text: String, reason: String) {
    let error = #expect(throws: DiagnosisError.self) { try RevenueTable(csv: text.utf8) }
    #expect(error.map { "\($0)".contains(reason) } == true, "\(String(describing: error))")
  }

  @Test("values beyond the limit of a dimension are folded and counted")
  func foldsValues() throws {
    var table = RevenueTable(dimensions: ["page"])
    for page in 0..<(RevenueTable.valueCountMax + 5) {
      try table.append(hour: UTCHour("2024-05-20")!, values: ["\(page)"], measures: RevenueMeasures())
    }
    #expect(table.values[0].count == RevenueTable.valueCountMax + 1)
    #expect(table.foldedRowCount == 5)
  }

  @Test("an hour is written as it is read", arguments: ["2024-02-29T23", "1970-01-01T00", "1969-12-31T22"])
  func hoursRoundTrip(text: String) throws {
    let hour = try #require(UTCHour(text))
    #expect(hour.description == text)
    #expect(hour.startOfDay.description == text.prefix(10) + "T00")
    #expect(UTCHour("2024-13-01T00") == nil)
    #expect(UTCHour("today") == nil)
  }

  @Test("a window without reference days, hours before it or a beginning is refused")
  func refusesWindow() throws {
    var world = RevenueWorld(seed: 1, requestsPerHour: 1_000)
    let table = try world.table { _, _, _ in .init() }
    let (start, end, days) = (RevenueWorld.windowStart, RevenueWorld.windowEnd, RevenueWorld.referenceDays)
    #expect(throws: DiagnosisError.self) {
      try Diagnosis.run(table, windowStart: end, windowEnd: start, referenceDays: days)
    }
    #expect(throws: DiagnosisError.self) {
      try Diagnosis.run(table, windowStart: start, windowEnd: end, referenceDays: [])
    }
    #expect(throws: DiagnosisError.self) {
      try Diagnosis.run(table, windowStart: start, windowEnd: end, referenceDays: [start])
    }
    #expect(throws: DiagnosisError.self) {
      try Diagnosis.run(table, windowStart: start + -3, windowEnd: start, referenceDays: days)
    }
    #expect(throws: DiagnosisError.self) {
      try Diagnosis.run(table, windowStart: start, windowEnd: end, referenceDays: days + [UTCHour("2024-04-22")!])
    }
  }
}
