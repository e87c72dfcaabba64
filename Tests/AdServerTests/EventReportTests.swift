import Events
import Foundation
import HTTPServer
import Testing

@testable import AdServer

@Suite("What /log takes")
struct EventReportTests {
  private func parse(_ body: String, _ mediaType: String? = nil) throws -> [Result<EventReport, RejectedEvent>] {
    try EventReport.parse(Array(body.utf8), mediaType: mediaType, countMax: 3)
  }

  @Test("one object, an array and an object a line say the same")
  func bodyForms() throws {
    let event = "{\"event\":\"click\",\"token\":\"t\"}"
    let expected = EventReport(kind: .click, token: "t")
    for (body, type) in [
      (event, "application/json"), ("[\(event)]", "text/plain"), (event + "\n", "application/x-ndjson"),
      ("\n\(event)\n\n", "text/plain"),
    ] {
      #expect(try parse(body, type).map { try $0.get() } == [expected], "\(body)")
    }
    #expect(try parse("\(event)\n\(event)").count == 2)
  }

  @Test("an event's time is ISO 8601 with a zone")
  func times() throws {
    func time(_ text: String) throws -> Int64? {
      try parse("{\"event\":\"click\",\"token\":\"t\",\"time\":\"\(text)\"}")[0].get().time
    }
    #expect(try time("2001-09-09T01:46:41Z") == 1_000_000_001_000)
    #expect(try time("2001-09-09T02:46:41.250+01:00") == 1_000_000_001_250)
    #expect(throws: RejectedEvent.self) { try time("1970-01-01T00:00:01Z") }
    for text in ["yesterday", "2026-01-31T00:00:01", "2026-01-31", "2026-02-30T00:00:00Z", "2026-01-31T24:00:00Z"] {
      #expect(throws: RejectedEvent.self, "\(text)") { try time(text) }
    }
  }

  @Test(
    "an event that can't be read is rejected alone, with a reason",
    arguments: [
      "7", "{}", "{\"event\":\"view\",\"token\":\"t\"}", "{\"event\":\"click\"}", "{\"event\":\"click\",\"token\":7}",
      "{\"event\":\"conversion\",\"token\":\"t\",\"value\":-1}",
      "{\"event\":\"conversion\",\"token\":\"t\",\"value\":\"9\"}",
      "{\"event\":\"click\",\"token\":\"t\",\"extra\":1}", "{\"event\":\"click\",\"token\":\"t\",\"token\":\"t\"}",
      "{\"event\":\"conversion\",\"token\":\"t\",\"value\":1e999}", "null", "[]",
    ])
  func rejectsOne(_ event: String) throws {
    let results = try parse("[{\"event\":\"click\",\"token\":\"t\"},\(event)]")
    #expect(throws: Never.self) { try results[0].get() }
    #expect(throws: RejectedEvent.self) { try results[1].get() }
  }

  @Test(
    "a body that is no JSON, or holds too many events, is refused whole",
    arguments: [
      "", "nonsense", "{\"event\":", "[{},{},{},{}]", "{}\n{}\n{}\n{}", "{oops}\n{oops}",
      "[\n{\"event\":\"click\",\"token\":\"t\"}\n", "<html>\n</html>",
    ])
  func refusesWhole(_ body: String) {
    #expect(throws: Problem.self) { try parse(body) }
  }

  @Test(
    "a line that is no JSON is rejected at its place, blank lines not counted",
    arguments: [
      "application/x-ndjson", "text/plain", nil,
    ])
  func rejectsLine(_ mediaType: String?) throws {
    let event = "{\"event\":\"click\",\"token\":\"t\"}"
    let results = try parse("{oops}\n\n\(event)\r\n\(event),\n", mediaType)
    #expect(results.map { (try? $0.get()) != nil } == [false, true, false])
  }

  @Test(
    "a value is the number nearest to its text",
    arguments: [
      "0.1", "9.95", "1.7976931348623157e308", "4.35", "0.3000000000000000444", "123456789012345678", "5e-324", "2.675",
    ])
  func roundsCorrectly(_ text: String) throws {
    let report = try parse("{\"event\":\"conversion\",\"token\":\"t\",\"value\":\(text)}")[0].get()
    #expect(report.value == strtod(text, nil))
  }
}
