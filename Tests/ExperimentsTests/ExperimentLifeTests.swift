import Events
import Foundation
import Ranking
import Statistics
import Testing

@testable import Experiments

/// Goal: each step of an experiment's life does what it says and nothing else, a wrong one says what to do instead, and none
/// moves a user.
@Suite struct ExperimentLifeTests {
  private let now = Date(timeIntervalSince1970: 1_790_000_000.75)
  private let second = Date(timeIntervalSince1970: 1_790_000_000)

  private func configuration(_ steps: ExperimentStep...) throws -> ExperimentConfiguration {
    let treatment = Arm(name: "b", weight: 1, changes: ArmSettings(model: "m1", reservePrice: 0.5))
    let draft = Experiment(
      name: "price", share: 0.2,
      arms: [Arm(name: "a", weight: 1), treatment, Arm(name: "c", weight: 1, changes: ArmSettings(slots: 3))])
    return try ([.create(draft)] + steps).reduce(try ExperimentConfiguration()) {
      try $0.after($1, of: "price", at: now)
    }
  }

  @Test("a life from draft to decision")
  func life() throws {
    let draft = try #require(configuration().experiments.first)
    #expect(draft.status == .draft && draft.since == nil)
    let running = try #require(configuration(.start(share: 0.3)).experiments.first)
    #expect(running.status == .running && running.since == nil && running.changed == second && running.share == 0.3)
    let again = try configuration().after(.start(share: nil), of: "price", at: now, hasRunBefore: true)
    #expect(again.experiments.first?.since == second)
    #expect(try configuration(.start(share: nil)).experiments.first?.share == 0.2)
    let ramped = try #require(configuration(.start(share: nil), .ramp(share: 0.9)).experiments.first)
    #expect(ramped.share == 0.9 && ramped.changed == second)
    let decided = try configuration(.start(share: nil), .stop, .decide(arm: "b"))
    #expect(decided.experiments.first?.status == .stopped)
    #expect(decided.experiments.first?.decision == "b")
    #expect(decided.adopted == ArmSettings(reservePrice: 0.5), "models are promoted by hand")
    #expect(try configuration(.start(share: nil), .decide(arm: "a")).adopted == ArmSettings())
  }

  @Test(
    "a step that isn't possible says why",
    arguments: [
      ([], .ramp(share: 0.5), "is draft: start it first"),
      ([], .stop, "nothing to stop"),
      ([], .decide(arm: "b"), "start it first"),
      ([.start(share: nil)], .start(share: nil), "only a draft can start"),
      ([.start(share: nil)], .ramp(share: 0.1), "only adds users"),
      ([.start(share: nil)], .ramp(share: 1.1), "must lie in its layer"),
      ([.start(share: nil)], .stopArm("a"), "is the control"),
      ([.start(share: nil)], .stopArm("x"), "no arm 'x'; known are: a, b, c"),
      ([.start(share: nil), .stopArm("b")], .stopArm("b"), "stopped already"),
      ([.start(share: nil), .decide(arm: "b")], .decide(arm: "c"), "decided for 'b' already"),
      ([.start(share: nil)], .create(Experiment(name: "price", arms: .named("a", "b"))), "'price' is taken"),
    ] as [([ExperimentStep], ExperimentStep, String)])
  func impossible(before: [ExperimentStep], step: ExperimentStep, message: String) throws {
    let configuration = try before.reduce(configuration()) { try $0.after($1, of: "price", at: now) }
    let error = #expect(throws: ExperimentError.self) { try configuration.after(step, of: "price", at: now) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test("steps move nobody: a stopped arm's users are in no arm, all others stay, and the last arm ends it all")
  func stoppedArm() throws {
    let all = try configuration(.start(share: 0.5))
    let ramped = try all.after(.ramp(share: 0.8), of: "price", at: now)
    let less = try ramped.after(.stopArm("b"), of: "price", at: now)
    var counts: [String: Int] = [:]
    for user in (0..<3000).map({ "u\($0)" }) {
      func arm(_ configuration: ExperimentConfiguration) -> String? {
        Assigner(configuration).assign(user: user, decision: DecisionID(time: 0, random: 0)).first?.arm
      }
      if let before = arm(all) { #expect(arm(ramped) == before) }
      #expect(arm(less) == (arm(ramped) == "b" ? nil : arm(ramped)))
      counts[arm(less) ?? "none", default: 0] += 1
    }
    #expect(Set(counts.keys) == ["a", "c", "none"])
    #expect(less.experiments.first?.status == .running)
    #expect(try less.after(.stopArm("c"), of: "price", at: now).experiments.first?.status == .stopped)
  }

  @Test("what was decided holds for everybody but the held-out users, and arms go before it")
  func adopted() throws {
    let other = Experiment(
      name: "new", layer: "new",
      arms: [Arm(name: "x", weight: 1, changes: ArmSettings(slots: 4)), Arm(name: "y", weight: 0)])
    let configuration = try ExperimentConfiguration(
      holdout: Holdout(share: 0.5), experiments: [other], adopted: ArmSettings(reservePrice: 0.5, slots: 3))
    let assigner = Assigner(configuration)
    for user in (0..<50).map({ "u\($0)" }) {
      let assignments = assigner.assign(user: user, decision: DecisionID(time: 0, random: 0))
      let isHeld = assignments.recordedArms["holdout"] == "held"
      let expected = isHeld ? ArmSettings() : ArmSettings(reservePrice: 0.5, slots: 4)
      #expect(assigner.settings(of: assignments) == expected, "\(user)")
    }
  }

  @Test("a replacement that moves users of a running experiment is refused")
  func replacement() throws {
    let old = try configuration(.start(share: nil))
    func replaced(_ change: (inout Experiment) -> Void) throws {
      var new = old
      change(&new.experiments[0])
      try new.validate(replacing: old)
    }
    let held = try ExperimentConfiguration(holdout: Holdout(share: 0.2))
    try ExperimentConfiguration(holdout: Holdout(share: 0.3)).validate(replacing: held)
    try ExperimentConfiguration(holdout: Holdout(share: 0, version: 2)).validate(replacing: held)
    #expect(throws: ExperimentError.self) { try ExperimentConfiguration().validate(replacing: held) }
    try replaced { $0.share = 0.4 }
    try replaced { $0.arms[1].changes = ArmSettings() }
    try replaced { ($0.arms[1].weight, $0.version) = (2, 2) }
    try replaced { ($0.arms[1].weight, $0.status) = (2, .stopped) }
    for change in [
      { $0.share = 0.1 }, { $0.arms[1].weight = 2 }, { $0.layer = "x" }, { $0.start = 0.5 }, { $0.unit = .request },
      { $0.arms.swapAt(1, 2) },
    ] as [(inout Experiment) -> Void] {
      #expect(throws: ExperimentError.self) { try replaced(change) }
    }
  }

  @Test("the written file reads as the same configuration, to the last bit", arguments: 1...20)
  func roundTrip(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var experiment = Experiment(
      name: "e.\(seed)", version: 3, layer: "on", start: random.nextUniform() / 2, share: random.nextUniform() / 2,
      since: Date(timeIntervalSince1970: 1_790_000_000.25), changed: second, splitsBudget: true, decision: "null",
      arms: [Arm(name: "null", weight: random.nextUniform()), Arm(name: "1", weight: 1 / 3.0, isStopped: true)])
    experiment.arms[1].changes = ArmSettings(
      model: "true", objective: .ctr,
      exploration: Exploration(share: 0.1, topCount: 7, temperature: random.nextUniform()),
      reservePrice: random.nextUniform() * 1e-7)
    let written = try ExperimentConfiguration(
      holdout: Holdout(share: random.nextUniform()), experiments: [experiment], adopted: ArmSettings(pricing: .first),
      revision: 12)
    #expect(try ExperimentConfiguration(yaml: Data(try written.yaml().utf8)) == written, "seed \(seed)")
  }

  @Test("an arm in one line is read, and a mistake named")
  func armArgument() throws {
    let arm = try Arm(
      argument: "b:weight=2,reserve_price=0.05,exploration.share=0.1,exploration.top_count=5,exploration.temperature=1")
    #expect(
      arm
        == Arm(
          name: "b", weight: 2,
          changes: ArmSettings(
            exploration: Exploration(share: 0.1, topCount: 5, temperature: 1), reservePrice: 0.05)))
    #expect(try Arm(argument: "1") == Arm(name: "1", weight: 1))
    for (text, message) in [("b:slot=3", "unknown key 'slot'"), ("b:slots", "setting=value"), ("b:slots=x", "slots")] {
      let error = #expect(throws: ExperimentError.self) { try Arm(argument: text) }
      #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
  }

  @Test("a new experiment begins where its layer has most room")
  func room() throws {
    func start(_ taken: [(Double, Double)], _ share: Double = 0.1) throws -> Double {
      try ExperimentConfiguration(
        experiments: taken.enumerated().map {
          Experiment(name: "e\($0)", start: $1.0, share: $1.1, arms: .named("a", "b"))
        }
      ).freeStart(layer: "default", share: share)
    }
    #expect(try start([]) == 0)
    #expect(try start([(0, 0.3)]) == 0.3)
    #expect(try start([(0.25, 0.25), (0.75, 0.25)]) == 0)
    #expect(try start([(0, 0.1), (0.4, 0.4)]) == 0.1)
    #expect(try start([(0, 0.5)], 0.75) == 0)
  }

  @Test("adloop.yaml marks as testable what arms can change, and nothing else")
  func testableSettings() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "config/adloop.yaml"), encoding: .utf8)
    let marked = text.matches(of: #/ +(\w+): .*\[testable(?:: (.+?))?\]/#).map { String($0.output.2 ?? $0.output.1) }
    let groups = Set(marked.map { String($0.prefix { $0 != "." }) })
    let all = ArmSettings(
      model: "m", objective: .ctr, exploration: Exploration(share: 0, topCount: 1, temperature: 1), slotSwapShare: 0,
      reservePrice: 0, pricing: .first, slots: 1, adsPerAdvertiserMax: 1)
    #expect(groups.union(["model"]) == all.names)
    for name in marked where name.contains(".") {
      #expect(["share", "top_count", "temperature"].contains(name.dropFirst("exploration.".count)))
    }
  }
}
