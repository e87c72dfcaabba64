import Features
import Foundation
import Ranking
import Statistics
import Testing

@testable import Learning

@Suite("Policy evaluation")
struct PolicyEvaluationTests {
  @Test(
    "estimates from a file agree with the published reference in all four directions",
    .enabled(if: SharedData.exists),
    arguments: [
      ("A_random_log_to_bts_table", "men_random", [5.0]), ("B_bts_log_to_uniform", "men_bts", [10, 50]),
      ("C_random_log_to_greedy", "men_random", []), ("D_random_log_to_uniform", "men_random", []),
    ] as [(String, String, [Double])])
  func agreesWithTheReference(direction: String, log: String, clips: [Double]) throws {
    let folder = SharedData.folder.appendingPathComponent("obd")
    let reference = try JSONDecoder().decode(
      Reference.self, from: Data(contentsOf: folder.appendingPathComponent("ope_reference.json")))
    let mapping = try SharedData.configuration("obd").mapping
    let evaluation = try FilePolicyEvaluation(
      folder.appendingPathComponent("\(log).csv.gz"), mapping: mapping,
      policy: reference.policy(of: direction), clips: clips)
    let answer = try JSONDecoder().decode([String: Cell].self, from: JSONEncoder().encode(evaluation.report))
    let expected = try #require(reference.directions[direction])
    for (name, value) in expected where name != "weights" && name != "obp_logistic_reward_model" {
      let got = try #require(answer[name]?.number, "\(name) is missing")
      #expect(abs(got - (value.number ?? .nan)) < 1e-9, "\(name): \(got)")
    }
    let weights = try #require(answer["weights"]?.members)
    for (name, value) in expected["weights"]?.members ?? [:] {
      #expect(abs((weights[name] ?? .nan) - value) < 1e-9 * max(1, value), "\(name)")
    }
    #expect(evaluation.report.isUsable)
  }

  @Test("a log in which one row has nearly all weight is unusable, and says so")
  func flagsADominatingWeight() throws {
    let rows = (0..<2000).map { "\($0 % 10),1,\($0 == 7 ? 1 : 0),\($0 == 7 ? 5e-6 : 0.1)" }
    let report = try evaluate(rows, policy: .uniform)
    #expect(abs(report.maximumWeight - 20_000) < 1e-6)
    #expect(report.maximumWeightShare > 0.9)
    #expect(!report.isUsable)
    #expect(report.objections.contains { $0.contains("20000") }, "\(report.objections)")
  }

  @Test("uniform knows the ads of the joined file that were never shown")
  func knowsJoinedAds() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("item,colour\na,red\nb,blue\nc,red\nd,red\n".utf8).write(to: folder.appendingPathComponent("items.csv"))
    try Data("item,slot,click,p\na,1,1,0.5\nb,1,0,0.5\n".utf8).write(to: folder.appendingPathComponent("log.csv"))
    let mapping = try HistoryMapping(
      yaml: Data("{click: click, ad: item, slot: slot, propensity: p, join: {file: items.csv, key: item}}".utf8))
    let report = try FilePolicyEvaluation(
      folder.appendingPathComponent("log.csv"), mapping: mapping, policy: .uniform
    ).report
    #expect(report.ips.value == 0.25)
    #expect(report.unsupportedShare == 0.5)
    // q(a) = (1 + 50)/101, q(b) = 50/101, the others 50/100.
    #expect(abs(try #require(report.directMethod).value - (51.0 / 101 + 50.0 / 101 + 1) / 4) < 1e-12)
  }

  @Test("a policy may depend on any column, and a model is a policy")
  func followsConditionsAndModels() throws {
    let rows = (0..<400).map { "\($0 % 2),\($0 / 2 % 2 + 1),\($0 % 4 == 0 ? 1 : 0),0.5" }
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("policy.csv")
    try Data("slot,item\n1,0\n2,1\n".utf8).write(to: file)
    let table = try evaluate(rows, policy: .table(file))
    #expect(table.replay == 0.5 && table.replayCount == 200)
    #expect(abs(table.ips.value - 0.5) < 1e-12)
    let schema = try Schema(yaml: Data("{ad: [{name: item}], context: [{name: page}]}".utf8))
    var weights = ModelWeights(schema: schema)
    try weights.add(FeatureTemplate(context: [], ad: [0]), values: ["0"], weight: 1)
    let model = try evaluate(rows, policy: .model(Model(id: "m", created: 0, bias: -1, weights: weights)))
    #expect(model.replay == 0.5 && model.zeroShare == 0.5)
  }

  @Test("a policy that doesn't fit the log is refused with the reason")
  func refusesForeignPolicies() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("policy.csv")
    let wrong = [
      ("slot,probability\n1,1\n", "which ad"), ("item,probability\n0,2\n", "0 to 1"),
      ("item,planet\n0,mars\n", "planet"),
      ("item,probability\n0,0.5\n0,0.5\n", "listed before"), ("item\n", "no rows"),
    ]
    for (text, reason) in wrong {
      try Data(text.utf8).write(to: file)
      let error = #expect(throws: LearningError.self) { try evaluate(["0,1,0,0.5"], policy: .table(file)) }
      #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }
    try Data("slot,item,probability\n1,0,0.4\n1,1,0.4\n".utf8).write(to: file)
    let report = try evaluate((0..<400).map { "\($0 % 2),\($0 / 2 % 2 + 1),0,0.5" }, policy: .table(file))
    #expect(report.objections.count { $0.contains("sum to 1") || $0.contains("200 rows") } == 2)
  }

  private func evaluate(_ rows: [String], policy: PolicySource) throws -> PolicyReport {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("log.csv")
    try Data((["item,slot,click,p"] + rows).joined(separator: "\n").utf8).write(to: file)
    let mapping = try HistoryMapping(
      yaml: Data("{click: click, ad: item, slot: slot, propensity: p, attributes: {item: item}}".utf8))
    return try FilePolicyEvaluation(file, mapping: mapping, policy: policy).report
  }

  private func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("policy-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}

/// The published numbers, and the policies that they are about.
private struct Reference: Decodable {
  let table: [[Double]]
  let greedy: [Int]
  let directions: [String: [String: Cell]]

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  private struct Table: Decodable { let values: [[Double]] }
  private struct Greedy: Decodable { let item_by_position: [Int] }
  private struct Direction: Decodable { let exact: [String: Cell] }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    table = try container.decode(Table.self, forKey: Key("bts_table")).values
    greedy = try container.decode(Greedy.self, forKey: Key("greedy")).item_by_position
    directions = try Dictionary(
      uniqueKeysWithValues: container.allKeys.filter { $0.stringValue.dropFirst().hasPrefix("_") }.map {
        ($0.stringValue, try container.decode(Direction.self, forKey: $0).exact)
      })
  }

  /// The policy of a direction; a table is written to a file that the system cleans up.
  func policy(of direction: String) throws -> PolicySource {
    let text: String
    switch direction.first {
    case "A":
      text = table.enumerated().flatMap { item, row in
        row.enumerated().map { "\(item),\($0 + 1),\($1)\n" }
      }.reduce("item_id,position,probability\n", +)
    case "C": text = greedy.enumerated().map { "\($1),\($0 + 1)\n" }.reduce("item_id,position\n", +)
    default: return .uniform
    }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("policy-\(direction).csv")
    try Data(text.utf8).write(to: file)
    return .table(file)
  }
}

/// A number or an object of numbers.
private struct Cell: Decodable {
  let number: Double?
  let members: [String: Double]?

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    number = try? container.decode(Double.self)
    members = try? container.decode([String: Double?].self).compactMapValues(\.self)
  }
}
