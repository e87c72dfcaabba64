import Events
import Experiments
import Foundation
import Ranking
import Testing

@Suite("experiments.yaml")
struct ExperimentConfigurationTests {
  @Test("the committed file holds an A/A test whose arms change nothing and take everybody")
  func committedFile() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let configuration = try ExperimentConfiguration(contentsOf: root.appending(path: "config/experiments.yaml"))
    let aa = try #require(configuration.experiments.first)
    #expect(configuration.experiments.count == 1)
    #expect(aa.name == "aa" && aa.share == 1 && aa.status == .running)
    #expect(aa.arms.allSatisfy { $0.changes == ArmSettings() })
    let assigner = Assigner(configuration)
    let assignments = assigner.assign(user: "u1", decision: decision())
    #expect(assignments.recordedArms == ["aa": "control"])
    #expect(assigner.settings(of: assignments) == ArmSettings())
  }

  @Test("every key is read")
  func everyKey() throws {
    let configuration = try parse(
      """
      holdout: {share: 0.05, version: 2}
      experiments:
        - name: new-model
          version: 3
          unit: request
          layer: money
          start: 0.25
          share: 0.5
          status: draft
          since: 2026-01-31T12:00:00Z
          arms:
            - {name: control, weight: 2, changes: {model: current}}
            - name: treatment
              weight: 1.5
              changes:
                model: m-17
                objective: ctr
                exploration: {share: 0.05, top_count: 20, temperature: 0.5}
                slot_swap_share: 0.02
                reserve_price: 0.1
                pricing: first
                slots: 3
                ads_per_advertiser_max: 1
      """)
    let changes = ArmSettings(
      model: "m-17", objective: .ctr, exploration: Exploration(share: 0.05, topCount: 20, temperature: 0.5),
      slotSwapShare: 0.02, reservePrice: 0.1, pricing: .first, slots: 3, adsPerAdvertiserMax: 1)
    let expected = Experiment(
      name: "new-model", version: 3, unit: .request, layer: "money", start: 0.25, share: 0.5, status: .draft,
      since: Date(timeIntervalSince1970: 1_769_860_800),
      arms: [Arm(name: "control", weight: 2), Arm(name: "treatment", weight: 1.5, changes: changes)])
    #expect(configuration.experiments == [expected])
    #expect(configuration.holdout == Holdout(share: 0.05, version: 2))
  }

  @Test("what is left out has its default, and an empty file has no experiments")
  func defaults() throws {
    let configuration = try parse("experiments: [{name: x, arms: [{name: a}, {name: b}]}]")
    #expect(configuration.experiments == [Experiment(name: "x", arms: .named("a", "b"))])
    #expect(try parse("") == ExperimentConfiguration())
    #expect(try parse("# nothing yet\n") == ExperimentConfiguration())
  }

  @Test("JSON written from a configuration reads back as the same")
  func jsonRoundTrip() throws {
    let arm = Arm(name: "b", weight: 1, changes: ArmSettings(model: "m", objective: .revenue))
    let configuration = try ExperimentConfiguration(
      holdout: Holdout(share: 0.1), experiments: [Experiment(name: "x", arms: [Arm(name: "a", weight: 1), arm])])
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    #expect(try ExperimentConfiguration(yaml: encoder.encode(configuration)) == configuration)
  }

  @Test(
    "what is wrong is refused by name",
    arguments: [
      ("experimints: []", "unknown key 'experimints' (known are holdout, experiments, adopted, revision) at the top"),
      ("holdout: {shar: 1}", "unknown key 'shar'"),
      ("experiments: [{name: x, weights: 1, arms: []}]", "unknown key 'weights'"),
      ("experiments: [{name: x, arms: [{name: a, wait: 1}, {name: b}]}]", "unknown key 'wait'"),
      ("experiments: [{name: x, arms: [{name: a, changes: {modle: m}}]}]", "unknown key 'modle'"),
      (
        "experiments: [{name: x, arms: [{name: a, changes: {exploration: {size: 1}}}]}]",
        "unknown key 'size' (known are share, top_count, temperature) at experiments.1.arms.1.changes.exploration"
      ),
      ("experiments: [{arms: []}]", "'name' is missing at experiments.1"),
      ("experiments: [{name: x, status: on, arms: []}]", "experiments.1.status"),
      ("experiments: [{name: x, arms: [{name: a}]}]", "'x' has 1 arms; it needs 2 to 10"),
      ("experiments: [{name: x, arms: [{name: a}, {name: a}]}]", "two arms of 'x' have the same name"),
      ("experiments: [{name: x, arms: [{name: a, weight: -1}, {name: b}]}]", "weight of arm 'a' of 'x'"),
      ("experiments: [{name: x, arms: [{name: a, weight: .nan}, {name: b}]}]", "weight of arm 'a' of 'x'"),
      ("experiments: [{name: x, arms: [{name: a, weight: .inf}, {name: b}]}]", "weight of arm 'a' of 'x'"),
      ("experiments: [{name: x, arms: [{name: a, weight: 0}, {name: b, weight: 0}]}]", "all weights of 'x' are 0"),
      ("experiments: [{name: 'a b', arms: [{name: a}, {name: b}]}]", "the name of an experiment must be"),
      ("experiments: [{name: x, arms: [{name: ''}, {name: b}]}]", "the name of an arm of 'x' must be"),
      ("experiments: [{name: x, arms: [{name: 'forced:a'}, {name: b}]}]", "the name of an arm of 'x' must be"),
      ("experiments: [{name: x, layer: a/b, arms: [{name: a}, {name: b}]}]", "the layer of 'x'"),
      ("experiments: [{name: holdout, arms: [{name: a}, {name: b}]}]", "the name 'holdout' is taken"),
      ("experiments: [{name: x, share: 0.6, start: 0.5, arms: [{name: a}, {name: b}]}]", "'x' must lie in its layer"),
      ("experiments: [{name: x, share: -0.1, arms: [{name: a}, {name: b}]}]", "'x' must lie in its layer"),
      ("holdout: {share: 1.5}", "hold-out's share"),
      (
        "experiments: [{name: x, arms: [{name: a}, {name: b, changes: {slot_swap_share: 2}}]}]",
        "arm 'b' of 'x': 'slot_swap_share' must lie in [0, 1]"
      ),
      ("experiments: [{name: x}]", "'arms' is missing"),
      ("experiments: 7", "at experiments"),
      ("a: [", "not YAML"),
    ])
  func refusals(yaml: String, message: String) throws {
    let error = try #require(throws: ExperimentError.self) { try parse(yaml) }
    #expect(error.description.contains(message), "\(error.description)")
  }

  @Test("running experiments may meet only if they change different things")
  func neighbours() throws {
    func pair(_ first: String, _ second: String) throws {
      let changes = "changes: {objective: ctr}"
      let arms = "arms: [{name: a}, {name: b, \(changes)}]"
      _ = try parse("experiments: [{name: x, \(first), \(arms)}, {name: y, \(second), \(arms)}]")
    }
    try pair("share: 0.5", "start: 0.5, share: 0.5")
    try pair("share: 1", "share: 1, status: stopped")
    #expect(throws: ExperimentError.self) { try pair("share: 0.5", "start: 0.4, share: 0.5") }
    #expect(throws: ExperimentError.self) { try pair("share: 0.5", "start: 0.5, share: 0.5, unit: request") }
    let error = #expect(throws: ExperimentError.self) { try pair("layer: one", "layer: two") }
    #expect(error?.description.contains("both change 'objective'") == true)
  }

  @Test("numbers of experiments, arms and layers are limited")
  func limits() throws {
    let arms = "arms: [{name: a}, {name: b}]"
    let many = (0...100).map { "{name: x\($0), status: stopped, \(arms)}" }.joined(separator: ",")
    #expect(throws: ExperimentError.self) { try parse("experiments: [\(many)]") }
    let layers = (0...8).map { "{name: x\($0), layer: l\($0), \(arms)}" }.joined(separator: ",")
    #expect(throws: ExperimentError.self) { try parse("experiments: [\(layers)]") }
    let names = (0...10).map { "{name: a\($0)}" }.joined(separator: ",")
    #expect(throws: ExperimentError.self) { try parse("experiments: [{name: x, arms: [\(names)]}]") }
  }

  @discardableResult
  private func parse(_ yaml: String) throws -> ExperimentConfiguration {
    try ExperimentConfiguration(yaml: Data(yaml.utf8))
  }
}
