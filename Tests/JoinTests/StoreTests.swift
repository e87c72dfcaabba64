import Foundation
import GRDB
import Testing

@testable import Events
@testable import Learning

@Suite struct StoreTests {
  let system = try! TemporarySystem()

  private func row(_ sql: String) throws -> Row? {
    try system.store.reader.read { try Row.fetchOne($0, sql: sql) }
  }

  @Test("the views have the columns of the contract")
  func columns() throws {
    let expected = [
      "impressions": """
      id decision slot time_ms received_ms served_ms user ad model objective experiments context attributes ctr bid \
      price propensity traffic fate reason
      """,
      "clicks": """
      id impression_id decision slot time_ms received_ms user ad model experiments price fate traffic reason
      """,
      "conversions": """
      id impression_id decision slot conversion_id value time_ms received_ms user ad fate traffic reason
      """,
      "duplicates": "kind decision slot conversion_id count first_received_ms last_received_ms",
      "corrections": """
      click_id impression_id decision slot time_ms received_ms user ad model price traffic label
      """,
      "invalid_events": "id kind decision slot conversion_id time_ms received_ms user ad fate reason",
      "examples": """
      id impression_id decision slot time_ms user ad model objective experiments context attributes ctr bid price \
      propensity traffic label
      """,
      "decisions": "offset decision time_ms user context model candidates payload",
      "models": "id created_ms features_sha256 sha256 state reason metrics lineage",
      "serving_history": "offset time_ms model action reason who",
      "experiment_history": "offset time_ms experiment action who why payload",
    ]
    for (view, names) in expected {
      #expect(
        try system.store.strings("SELECT name FROM pragma_table_info('\(view)')").joined(
          separator: " ") == names)
    }
  }

  @Test("an impression's row says all that its token said, maps as JSON with sorted keys")
  func impressionRow() throws {
    var event = Event.of(.impression, 1, at: 2, received: 3)
    event.served!.context = ["z": "1", "a": "quote\" back\\ line\n bell\u{7} ä😀"]
    try system.log.append([event])
    try system.joiner().catchUp()
    let served = event.served!
    let row = try #require(try row("SELECT * FROM impressions"))
    #expect(row["decision"] == served.decision.description)
    #expect(
      row["time_ms"] == start + 2000 && row["received_ms"] == start + 3000
        && row["served_ms"] == start)
    #expect(row["context"] == #"{"a":"quote\" back\\ line\u000a bell\u0007 ä😀","z":"1"}"#)
    let text: String = row["context"]
    #expect(
      try JSONDecoder().decode([String: String].self, from: Data(text.utf8)) == served.context)
    #expect(
      row["ctr"] == served.ctr && row["propensity"] == served.propensity
        && row["objective"] == "revenue")
    #expect(row["traffic"] == "live" && row["experiments"] == #"{"price":"control"}"#)
  }

  @Test("numbers that are none become 0 and don't stop the join")
  func notANumber() throws {
    var event = Event.of(.impression, 1, at: 0)
    event.served!.price = .nan
    event.served!.ctr = .infinity
    try system.log.append([event])
    try system.joiner().catchUp()
    #expect(try row("SELECT price FROM impressions")?[0] == 0.0)
  }

  @Test("an event time ahead of its receive time is kept, and moves the watermark only as far as a setting allows")
  func timeAhead() throws {
    try system.log.append([.of(.impression, 1, at: 500, received: 3)])
    for (lead, watermark) in [(0.0, 3), (40, 43), (1000, 500)] as [(Double, Milliseconds)] {
      var configuration = JoinConfiguration.test
      configuration.watermarkLeadSeconds = lead
      try system.joiner(configuration).rebuild()
      #expect(try row("SELECT time_ms FROM impressions")?[0] == start + 500_000)
      #expect(try row("SELECT watermark_ms FROM join_cursor")?[0] == start + watermark * 1000)
    }
  }

  @Test("the newest event of a model is its row; promotions and experiment changes are histories")
  func controlEvents() throws {
    try system.log.append([
      .control(
        .model, #"{"id":"m1","created_ms":5,"state":"candidate","metrics":{"auc":0.7}}"#, at: 0),
      .control(.model, #"{"id":"m2","created_ms":6,"state":"candidate"}"#, at: 1),
      .control(
        .model,
        #"{"id":"m1","created_ms":5,"state":"rejected","reason":"calibration","metrics":{"auc":0.8}}"#,
        at: 2),
      .control(
        .promotion, #"{"model":"m2","action":"promoted","reason":"gate","who":"trainer"}"#, at: 3),
      .control(
        .experimentChange, #"{"experiment":"price","action":"stopped","who":"ann","why":"done"}"#,
        at: 4),
      .control(
        .decision, #"{"decision":"d1","user":"u1","context":{"a":"b"},"candidates":[{"ad":"x"}]}"#,
        at: 5),
      .control(.promotion, "no JSON", at: 6),
    ])
    try system.joiner().catchUp()
    let store = system.store
    #expect(
      try store.strings("SELECT id || state || coalesce(reason, '') FROM models ORDER BY id")
        == ["m1rejectedcalibration", "m2candidate"])
    #expect(try store.strings("SELECT metrics FROM models WHERE id = 'm1'") == [#"{"auc":0.8}"#])
    #expect(
      try store.strings(
        "SELECT model || action || reason || who FROM serving_history WHERE model IS NOT NULL")
        == ["m2promotedgatetrainer"])
    #expect(
      try store.strings("SELECT experiment || action || who || why FROM experiment_history") == [
        "pricestoppedanndone"
      ])
    #expect(
      try store.strings("SELECT context || candidates FROM decisions") == [
        #"{"a":"b"}[{"ad":"x"}]"#
      ])
    let totals = try system.joiner().health().totals
    #expect(totals.contains { $0.kind == "promotion" && $0.fate == "invalid" && $0.count == 1 })
  }

  @Test("examples are read in pieces, in training order, with bounds and by traffic")
  func readsExamples() throws {
    try system.log.append(
      (1...9000).map { .of(.history, $0, at: 0, traffic: .history, clicked: $0 % 3 == 0) })
    try system.joiner().catchUp()
    var ids: [Int64] = []
    try system.store.forEachExample(after: 10, through: 8990, traffic: [.history]) { example in
      ids.append(example.id)
      #expect(example.label == (example.id % 3 == 0))
    }
    #expect(ids == Array(11...8990))
    try system.store.forEachExample(after: 0, traffic: [.live]) { _ in
      Issue.record("no live example")
    }
  }

  @Test("open impressions are provisional examples once they are old enough, clicked so far or not")
  func provisional() throws {
    try system.log.append([
      .of(.impression, 1, at: 0), .of(.click, 1, at: 1), .of(.impression, 2, at: 2),
      .of(.impression, 3, at: 50),
    ])
    try system.joiner().catchUp()
    var found: [String] = []
    try system.store.forEachProvisionalExample(
      after: 0, receivedBefore: start + 50_000, traffic: [.live]
    ) {
      found.append("\($0.id) \($0.label) \($0.contextText)")
    }
    #expect(
      found == [
        #"1 true {"device":"mobile","page":"sp\"orts\u000a"}"#,
        #"3 false {"device":"mobile","page":"sp\"orts\u000a"}"#,
      ])
  }

  @Test("a store opens again with all its rows, and a damaged one says that it can be deleted")
  func reopens() throws {
    try system.log.append([.of(.impression, 1, at: 0)])
    try system.joiner().catchUp()
    try system.store.close()
    #expect(try Store(directory: system.directory).count("impressions") == 1)
    try Data("this is not a database, but a text of some length".utf8).write(
      to: system.directory.appending(path: "store.sqlite"))
    let error = #expect(throws: StoreError.self) { try Store(directory: system.directory) }
    #expect(error?.description.contains("rebuilt from the log") == true)
  }
}
