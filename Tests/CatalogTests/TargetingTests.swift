import Catalog
import Foundation
import Testing

@Suite("Targeting")
struct TargetingTests {
  @Test("a missing value is in no set, so it meets only what forbids")
  func sets() throws {
    let rule = TargetingRule(
      try ad(#"{"country":["DE"],"device":{"not":["tv"]},"page":{"in":["a","b"],"not":["b"]}}"#).targeting)
    let contexts: [([String: String], Bool)] = [
      (["country": "DE", "page": "a"], true), (["country": "DE", "device": "phone", "page": "a"], true),
      (["country": "DE", "device": "tv", "page": "a"], false), (["device": "phone", "page": "a"], false),
      (["country": "DE", "page": "b"], false), (["country": "DE"], false), (["country": "de", "page": "a"], false),
    ]
    for (context, isMatch) in contexts { #expect(rule.matches(at: 0) { context[$0] } == isMatch, "\(context)") }
  }

  @Test("values are told apart by their bytes, not by what they look like")
  func bytes() throws {
    let (composed, decomposed) = ("\u{e9}", "e\u{301}")
    let rule = TargetingRule(["x": [composed]])
    #expect(rule.matches(at: 0) { _ in composed })
    #expect(!rule.matches(at: 0) { _ in decomposed })
    #expect(rule != TargetingRule(["x": [decomposed]]))
    let ads = [composed, decomposed].map {
      Ad(id: $0, bid: 1, attributes: ["a": $0], targeting: ["x": [$0]], budget: Budget(campaign: $0))
    }
    let snapshot = try catalog(ads)
    #expect(snapshot.count == 2)
    for ad in ads {
      let row = try #require(snapshot.row(id: ad.id))
      #expect(snapshot.ad(row).json == ad.json)
    }
  }

  @Test(
    "a schedule follows the clock of its zone, over midnight and over the change to summer time",
    arguments: [
      // Monday 2026-01-05; Berlin is an hour ahead of UTC.
      (#"[{"days":["mon"],"from":"08:00","to":"18:00","zone":"Europe/Berlin"}]"#, "2026-01-05T06:59:59Z", false),
      (#"[{"days":["mon"],"from":"08:00","to":"18:00","zone":"Europe/Berlin"}]"#, "2026-01-05T07:00:00Z", true),
      (#"[{"days":["mon"],"from":"08:00","to":"18:00","zone":"Europe/Berlin"}]"#, "2026-01-05T16:59:59Z", true),
      (#"[{"days":["mon"],"from":"08:00","to":"18:00","zone":"Europe/Berlin"}]"#, "2026-01-05T17:00:00Z", false),
      (#"[{"days":["mon"],"from":"08:00","to":"18:00","zone":"Europe/Berlin"}]"#, "2026-01-06T08:00:00Z", false),
      // In summer it is two hours ahead.
      (#"[{"from":"08:00","to":"18:00","zone":"Europe/Berlin"}]"#, "2026-07-06T06:00:00Z", true),
      (#"[{"from":"08:00","to":"18:00","zone":"Europe/Berlin"}]"#, "2026-01-05T06:00:00Z", false),
      // From Friday evening until Saturday morning.
      (#"[{"days":["fri"],"from":"22:00","to":"06:00"}]"#, "2026-01-09T21:59:00Z", false),
      (#"[{"days":["fri"],"from":"22:00","to":"06:00"}]"#, "2026-01-09T23:00:00Z", true),
      (#"[{"days":["fri"],"from":"22:00","to":"06:00"}]"#, "2026-01-10T05:59:00Z", true),
      (#"[{"days":["fri"],"from":"22:00","to":"06:00"}]"#, "2026-01-10T06:00:00Z", false),
      (#"[{"days":["fri"],"from":"22:00","to":"06:00"}]"#, "2026-01-09T05:00:00Z", false),
      // Any window will do; whole days; before 1970.
      (#"[{"days":["tue"]},{"days":["mon"],"to":"12:00"}]"#, "2026-01-05T11:59:00Z", true),
      (#"[{"days":["tue"]},{"days":["mon"],"to":"12:00"}]"#, "2026-01-06T23:59:00Z", true),
      (#"[{"days":["wed"]}]"#, "1969-12-31T23:59:00Z", true), (#"[{"days":["thu"]}]"#, "1969-12-31T23:59:00Z", false),
    ])
  func schedule(json: String, time: String, isOpen: Bool) throws {
    let rule = TargetingRule(try ad("{\"schedule\":\(json)}").targeting)
    let date = try Date.ISO8601FormatStyle().parse(time)
    #expect(rule.matches(at: Int64(date.timeIntervalSince1970 * 1000)) { _ in nil } == isOpen)
  }

  @Test("it is exported as it was imported, from NDJSON and from CSV")
  func roundTrip() throws {
    let json =
      #"{"country":["AT","DE"],"device":{"not":["tv"]},"page":{"in":["a"],"not":["b"]},"schedule":"#
      + #"[{"days":["mon","tue"],"from":"08:00","to":"18:00","zone":"Europe/Berlin"}]}"#
    let imported = try ad(json)
    #expect(String(decoding: imported.json, as: UTF8.self).contains(json))
    let folder = try TemporaryFolder()
    let csv = try folder.write(
      "id,bid,targeting.country,targeting.device,targeting.page,targeting.schedule\n"
        + "a,1,DE|AT,!tv,a|!b,\"[{\"\"days\"\":[\"\"mon\"\",\"\"tue\"\"],\"\"from\"\":\"\"08:00\"\",\"\"to\"\":\"\"18:00\"\",\"\"zone\"\":\"\"Europe/Berlin\"\"}]\"\n",
      to: "a.csv")
    let snapshot = try CatalogImporter.importFile(csv, strict: true).snapshot
    #expect(TargetingRule(snapshot.ad(0).targeting) == TargetingRule(imported.targeting))
    let file = folder.url.appendingPathComponent("x.adcat")
    try CatalogFile.write(snapshot, to: file)
    #expect(try CatalogFile.open(file).ad(0).json == snapshot.ad(0).json)
  }

  @Test("a patch sets a field as a whole, and null removes it")
  func patch() throws {
    var patched = try ad(#"{"country":["DE"],"device":{"not":["tv"]},"schedule":[{"days":["mon"]}]}"#)
    try patched.merge(json(#"{"targeting":{"device":["tv"],"country":null,"schedule":null}}"#))
    #expect(patched.targeting == ["device": ["tv"]])
    try patched.merge(json(#"{"targeting":null}"#))
    #expect(patched.targeting.isEmpty)
  }

  private func ad(_ targeting: String) throws -> Ad {
    let ad = try Ad(json: json(#"{"id":"a","bid":1,"targeting":\#(targeting)}"#))
    try ad.validate()
    return ad
  }

  private func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)[...]) }
}
