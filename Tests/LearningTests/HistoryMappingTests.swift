import Features
import Foundation
import Testing

@testable import Learning

@Suite("Mapping of history files")
struct HistoryMappingTests {
  @Test("values are taken, put together, replaced, cut, compared and looked up")
  func derivesValues() throws {
    let mapping = try HistoryMapping(
      yaml: Data(
        """
        click: c
        ad: "${set}_${item}"
        bid: 1.5
        time: {column: at, format: iso8601}
        derive: {set: {column: id, first: 1, replace: {m: men}}}
        context:
          q: "${query}_${region}"
          user: {column: user, replace: {"0": unk}}
          hour: {column: at, hour: iso8601}
          likes: {columnNamed: "aff_${item}", above: 0}
          fixed: {constant: web}
          absent: "${nothing}_${query}"
        """.utf8))
    let row = HistoryRow(
      columns: ["c": 0, "id": 1, "item": 2, "at": 3, "query": 4, "region": 5, "user": 6, "aff_7": 7],
      cells: ["1", "m12", "7", "2019-11-24 05:01:03.979311+00:00", "a", "b", "0", "2.0"])
    var derived = row
    derived.added["set"] = mapping.derived["set"]?.value(in: row)
    let record = try mapping.record(of: derived, line: 2, number: 0)
    #expect(record.ad == "men_7")
    #expect(record.clicked)
    #expect(record.bid == 1.5 && record.price == 1.5 && record.propensity == 1)
    #expect(record.context == ["q": "a_b", "user": "unk", "hour": "5", "likes": "1", "fixed": "web"])
    #expect(record.time == 1_574_571_663_979)
  }

  @Test(
    "times are read in every declared format",
    arguments: [
      (TimeFormat.iso8601, "2019-11-24T00:00:00Z", 1_574_553_600_000),
      (.iso8601, "2019-11-24", 1_574_553_600_000), (.iso8601, "2019-11-24T02:00+02:00", 1_574_553_600_000),
      (.iso8601, "2019-11-24 00:00:00.5", 1_574_553_600_500), (.seconds, "1574553600.25", 1_574_553_600_250),
      (.milliseconds, "1574553600001", 1_574_553_600_001), (.pattern("yyMMddHH"), "14102100", 1_413_849_600_000),
      (.iso8601, "1969-12-31T23:59:59Z", -1000), (.iso8601, "2000-02-29", 951_782_400_000),
    ] as [(TimeFormat, String, Int64)])
  func readsTimes(format: TimeFormat, text: String, milliseconds: Int64) {
    #expect(format.time(text) == milliseconds)
  }

  @Test(
    "what isn't a time is none",
    arguments: [
      (TimeFormat.iso8601, "2019-13-01"), (.iso8601, "2019-02-29"), (.iso8601, "24.11.2019"),
      (.iso8601, "2019-11-24T00:00:00+"), (.iso8601, ""), (.seconds, "soon"), (.seconds, "nan"),
      (.pattern("yyMMddHH"), "1410210"), (.pattern("yyMMddHH"), "14102199"), (.milliseconds, "1.5"),
    ] as [(TimeFormat, String)])
  func refusesTimes(format: TimeFormat, text: String) {
    #expect(format.time(text) == nil)
  }

  @Test(
    "a mapping that says something impossible is refused with the reason",
    arguments: [
      ("ad: a", "click"), ("click: c\nad: a\nclik: c", "clik"), ("click: c\nad: \"${a\"", "${"),
      ("click: c\nad: {column: a, text: b}", "exactly one"), ("click: c\nad: {column: a, colour: b}", "colour"),
      ("click: c\nad: a\ntime: {column: t, format: epoch}", "epoch"), ("- 1", "at the top"),
    ])
  func refusesMappings(yaml: String, words: String) {
    #expect { try HistoryMapping(yaml: Data(yaml.utf8)) } throws: { error in
      (error as? LearningError)?.code == .invalidMapping && "\(error)".contains(words)
    }
  }

  @Test("the shipped mappings fit their features files", arguments: ["kdd12", "serp", "avazu_hour", "obd"])
  func shipsFittingMappings(name: String) throws {
    let (schema, mapping) = try SharedData.configuration(name)
    #expect(Set(mapping.context.keys) == Set(schema.contextFields.map(\.name)))
    #expect(Set(mapping.attributes.keys) == Set(schema.adFields.map(\.name)))
  }

  @Test("the open bandit set joins its items", .enabled(if: SharedData.exists))
  func joinsItems() throws {
    let (_, mapping) = try SharedData.configuration("obd")
    let reader = try HistoryReader(
      SharedData.folder.appendingPathComponent("obd/women_bts_to1128.csv.gz"), mapping: mapping)
    let record = try #require(try reader.next()).get()
    #expect(record.ad == "women_36")
    #expect(record.attributes.count == 4)
    #expect(record.context["campaign"] == "women" && record.context["affinity"] == "0" && record.context["hour"] == "0")
    #expect(record.propensity == 0.021739130434782608)
    var count = 1
    while let row = try reader.next() {
      _ = try row.get()
      count += 1
    }
    #expect(count == 7297)
  }
}
