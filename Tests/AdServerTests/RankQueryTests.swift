import Catalog
import Foundation
import HTTPServer
import HTTPTypes
import Testing

@testable import AdServer

@Suite("What a page may ask of /rank")
struct RankQueryTests {
  @Test("every parameter that isn't reserved is a context field")
  func readsParameters() throws {
    let query = try RankQuery(query: [
      QueryItem(name: "user", value: "u1"), QueryItem(name: "device", value: "mobile"),
      QueryItem(name: "page", value: "sports"), QueryItem(name: "slots", value: "3"),
      QueryItem(name: "exclude", value: "ad-1,ad-2"), QueryItem(name: "exclude", value: "ad-3"),
      QueryItem(name: "explain", value: "true"), QueryItem(name: "dry_run", value: "1"),
    ])
    #expect(query.user == "u1")
    #expect(query.context == ["device": "mobile", "page": "sports"])
    #expect(query.slots == 3)
    #expect(query.excluded == ["ad-1", "ad-2", "ad-3"])
    #expect(query.explain && query.isDryRun)
  }

  @Test("a body says the same as the parameters")
  func readsBody() throws {
    let body = """
      {"user":"u1","context":{"device":"mobile","hour":7,"member":true,"page":null},"slots":3,
       "exclude":["ad-1"],"explain":true,"dry_run":false}
      """
    let query = try RankQuery(json: Array(body.utf8))
    #expect(query.context == ["device": "mobile", "hour": "7", "member": "true"])
    #expect(query.slots == 3 && query.excluded == ["ad-1"] && query.explain && !query.isDryRun)
  }

  @Test("ads to be explained come as an id, several ids, or separated by commas")
  func readsExplainedAds() throws {
    let bodies = [#"{"explain":"ad-9"}"#, #"{"explain":["ad-9","ad-8"]}"#, #"{"explain":true}"#]
    let queries = try bodies.map { try RankQuery(json: Array($0.utf8)) }
    #expect(queries.map(\.explainedAds) == [["ad-9"], ["ad-9", "ad-8"], []])
    #expect(queries.map(\.explain) == [false, false, true])
    let query = try RankQuery(query: [QueryItem(name: "explain", value: "ad-9,ad-8")])
    #expect(query.explainedAds == ["ad-9", "ad-8"] && !query.explain)
  }

  @Test(
    "a body that is not what /rank takes is refused with a problem",
    arguments: [
      "", "{", "[]", "7", "{\"user\":7}", "{\"slots\":\"2\"}", "{\"slots\":1.5}", "{\"slots\":true}",
      "{\"context\":[]}", "{\"context\":{\"device\":{}}}", "{\"exclude\":\"ad-1\"}", "{\"exclude\":[1]}",
      "{\"explain\":1}", "{\"user\":\"a\",}", "{\"exclude\":[\"a\" , ]}", "{}{}", "{\"unknown\":1}",
      "{\"user\":\"\(String(repeating: "x", count: 300))\"}",
    ])
  func refusesBody(_ body: String) {
    #expect(throws: Problem.self) { try RankQuery(json: Array(body.utf8)) }
  }

  @Test("commas and brackets inside of texts are text")
  func textsInBody() throws {
    let query = try RankQuery(json: Array(#"{"user":",]\",}\\", "context":{"a":"\u20ac"}}"#.utf8))
    #expect(query.user == #",]",}\"# && query.context == ["a": "€"])
  }

  @Test(
    "only UTF-8 is JSON",
    arguments: [String.Encoding.utf16, .utf16BigEndian, .utf16LittleEndian, .utf32BigEndian, .utf32LittleEndian])
  func refusesOtherEncodings(_ encoding: String.Encoding) throws {
    let body = try #require("{\"user\":\"a\"}".data(using: encoding))
    #expect(throws: Problem.self) { try RankQuery(json: Array(body)) }
  }

  @Test("a body of very many values is refused before it costs many times its size")
  func refusesManyValues() throws {
    let body = "{\"exclude\":[" + String(repeating: "\"\",", count: JSONValue.Limits.valueCountMax) + "1]}"
    let problem = #expect(throws: Problem.self) { try RankQuery(json: Array(body.utf8)) }
    #expect(problem?.detail.contains("\(JSONValue.Limits.valueCountMax) values") == true)
  }

  @Test(
    "a parameter or member that appears twice is refused, since either value may be meant",
    arguments: ["device", "user", "slots"])
  func refusesRepeatedField(_ name: String) {
    let items = [QueryItem(name: name, value: "1"), QueryItem(name: name, value: "2")]
    #expect(throws: Problem.self) { try RankQuery(query: items) }
    #expect(throws: Problem.self) { try RankQuery(json: Array(#"{"\#(name)":"1","\#(name)":"1"}"#.utf8)) }
  }
}
