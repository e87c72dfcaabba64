import Events
import Foundation
import Testing

@testable import Learning

@Suite("Import of history files")
struct HistoryImporterTests {
  private let mapping = try! HistoryMapping(
    yaml: Data(
      """
      click: click
      ad: ad
      slot: slot
      propensity: p
      context: {device: device}
      attributes: {category: category}
      """.utf8))

  @Test("good rows become examples, bad ones are named with line and reason, and a second import changes nothing")
  func importsOnce() throws {
    let system = try TestSystem()
    let file = system.directory.appendingPathComponent("rows.csv")
    try Data(
      """
      click,ad,slot,p,device,category
      1,a,1,0.5,mobile,shoes
      2,a,1,0.5,mobile,shoes
      0,,1,0.5,mobile,shoes
      0,b,300,0.5,mobile,shoes
      0,b,2,0,mobile,shoes
      0,b,2
      0,"b, c",2,1,,hats

      """.utf8
    ).write(to: file)
    let importer = HistoryImporter(mapping: mapping, log: system.log, clock: system.time.now)
    let report = try importer.run(file)
    #expect(report.rowCount == 7 && report.storedCount == 2 && report.clickCount == 1 && report.rejectedCount == 5)
    #expect(report.rejected.map(\.line) == [3, 4, 5, 6, 7])
    for (rejected, word) in zip(report.rejected, ["click", "ad", "slot", "propensity", "fields"]) {
      #expect(rejected.reason.contains(word))
    }
    let again = try importer.run(file)
    #expect(again.storedCount == 0 && again.duplicateCount == 2)
    try system.joiner.catchUp()
    var examples: [Example] = []
    try system.store.forEachExample(after: 0, traffic: [.history]) { examples.append($0) }
    #expect(examples.map(\.label) == [true, false])
    #expect(examples.map(\.slot) == [1, 2])
    #expect(examples[1].contextText == "{}" && examples[1].attributesText == #"{"category":"hats"}"#)
  }

  @Test("NDJSON keeps the text of numbers, and bad lines are named")
  func readsNDJSON() throws {
    let system = try TestSystem()
    let file = system.directory.appendingPathComponent("rows.ndjson")
    try Data(
      """
      {"click":true,"ad":12345678901234567890,"slot":1,"p":0.50,"device":"tv","category":null}
      {"click":0,
      {"click":0,"ad":"b","slot":2,"p":1}

      """.utf8
    ).write(to: file)
    let reader = try HistoryReader(file, mapping: mapping)
    let first = try #require(try reader.next()).get()
    #expect(first.ad == "12345678901234567890" && first.clicked && first.context == ["device": "tv"])
    #expect(throws: RejectedLine.self) { try reader.next()?.get() }
    #expect(try #require(try reader.next()).get().slot == 2)
    #expect(try reader.next() == nil)
  }

  @Test("a file that lacks a column is refused by the column's name")
  func namesAbsentColumns() throws {
    let system = try TestSystem()
    let file = system.directory.appendingPathComponent("rows.csv")
    try Data("click,ad\n1,a\n".utf8).write(to: file)
    #expect { try HistoryReader(file, mapping: mapping) } throws: { "\($0)".contains("category, device, p, slot") }
  }

  @Test("every row of a file is scored in its order")
  func scoresFiles() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    let file = system.directory.appendingPathComponent("rows.csv")
    try Data("click,ad,slot,p,device,category\n1,a,1,1,x,y\n0,a,1,1,x,y\n0,a,9,1,x,y\nx,a,1,1,x,y\n".utf8).write(
      to: file)
    let output = system.directory.appendingPathComponent("out.csv")
    let evaluation = try FileEvaluation(
      file, mapping: mapping, model: try system.registry.model("current"), predictions: output)
    let lines = try String(contentsOf: output, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 4 && lines[0] == "label,prediction")
    #expect(lines[1].hasPrefix("1,0.0") && lines[2].hasPrefix("0,0.0"))
    #expect(evaluation.rejectedCount == 1 && evaluation.report.exampleCount == 3)
    #expect(abs(try #require(evaluation.report.calibrationRatio) - 0.06) < 1e-6)
  }
}
