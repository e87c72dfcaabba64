import Events
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
    #expect(try time("1970-01-01T00:00:01Z") == 1000)
    #expect(try time("1970-01-01T01:00:01.250+01:00") == 1250)
    #expect(throws: RejectedEvent.self) { try time("yesterday") }
    #expect(throws: RejectedEvent.self) { try time("1970-01-01T00:00:01") }
  }

  @Test(
    "an event that can't be read is rejected alone, with a reason",
    arguments: [
      "7", "{}", "{\"event\":\"view\",\"token\":\"t\"}", "{\"event\":\"click\"}", "{\"event\":\"click\",\"token\":7}",
      "{\"event\":\"conversion\",\"token\":\"t\",\"value\":-1}",
      "{\"event\":\"conversion\",\"token\":\"t\",\"value\":\"9\"}",
      "{\"event\":\"click\",\"token\":\"t\",\"extra\":1}",
    ])
  func rejectsOne(_ event: String) throws {
    let results = try parse("[{\"event\":\"click\",\"token\":\"t\"},\(event)]")
    #expect(throws: Never.self) { try results[0].get() }
    #expect(throws: RejectedEvent.self) { try results[1].get() }
  }

  @Test(
    "a body that is no JSON, or holds too many events, is refused whole",
    arguments: [
      "", "nonsense", "{\"event\":", "{\"event\":\"click\",\"token\":\"t\"}\n{oops}\n", "[{},{},{},{}]",
    ])
  func refusesWhole(_ body: String) {
    #expect(throws: Problem.self) { try parse(body) }
  }
}
