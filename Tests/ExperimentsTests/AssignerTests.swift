import Events
import Experiments
import Foundation
import Statistics
import Testing

@Suite("Assignment")
struct AssignerTests {
  /// Computed with Python's hashlib: int.from_bytes(sha256(f"{key}/{unit}")[:8], "big") >> 11, over 2**53.
  @Test(
    "positions are the golden ones",
    arguments: [
      ("layer/default", "u1", 0.9594900605105569),
      ("layer/default", "user-42", 0.10476292380175922),
      ("experiment/aa/1", "u1", 0.09668126058448989),
      ("experiment/aa/2", "u1", 0.271978601033925),
      ("holdout/1", "u1", 0.8810129495256867),
      ("layer/default", "Zoë/7", 0.7101591593985676),
      ("layer/default", "0190a1b2c3d4e5f60718293a4b5c6d7e", 0.6790748032902506),
      ("a", "", 0.7026008196307664),
    ])
  func goldenPositions(key: String, unit: String, position: Double) {
    #expect(HashPosition.position(key, unit) == position)
  }

  @Test("arms are the golden ones, for even and for uneven weights")
  func goldenArms() throws {
    let halves = try Assigner(.init(experiments: [.init(name: "aa", arms: .named("control", "same"))]))
    let digits = (0..<32).map { halves.arm(of: "aa", user: "u\($0)") == "control" ? "0" : "1" }.joined()
    #expect(digits == "00001001010101111111011100010011")

    let weights = [("a", 50.0), ("b", 30), ("c", 0), ("d", 20)].map { Arm(name: $0.0, weight: $0.1) }
    let uneven = try Assigner(.init(experiments: [.init(name: "prices", version: 3, arms: weights)]))
    let letters = (0..<32).map { uneven.arm(of: "prices", user: "u\($0)") ?? "-" }.joined()
    #expect(letters == "baaabadbabbdaadbdbbaabbaddaaabbd")
  }

  private struct Golden: Decodable {
    struct Row: Decodable {
      let user: String
      let decision: String
      let arms: [String: String]
    }
    let configuration: ExperimentConfiguration
    let assignments: [Row]
  }

  @Test("200 users and requests get the arms that they have always got")
  func goldenAssignments() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "assignments.json")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    let assigner = Assigner(golden.configuration)
    #expect(golden.assignments.count == 200)
    for row in golden.assignments {
      let decision = try #require(DecisionID(hexadecimal: row.decision))
      #expect(assigner.assign(user: row.user, decision: decision).recordedArms == row.arms, "\(row.user)")
    }
  }

  @Test("a range of a layer takes the golden users")
  func goldenRange() throws {
    let part = Experiment(name: "part", layer: "money", start: 0.1, share: 0.5, arms: .named("a", "b"))
    let assigner = try Assigner(.init(experiments: [part]))
    let digits = (0..<32).map { assigner.arm(of: "part", user: "u\($0)") == nil ? "0" : "1" }.joined()
    #expect(digits == "00000110110011111001011111011000")
  }

  @Test("a ramp adds users and moves nobody", arguments: 1...20)
  func rampsNeverMove(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let start = random.nextUniform() * 0.5
    let arms = (0..<(2 + Int(seed % 4))).map { Arm(name: "arm\($0)", weight: random.nextUniform() + 0.01) }
    let users = (0..<500).map { _ in "user-\(random.next())" }
    var before: [String: String] = [:]
    for share in [0, 0.01, 0.1, 0.25, 0.5 * (1 + random.nextUniform()) - start].sorted() {
      let ramped = Experiment(name: "ramp", start: start, share: share, arms: arms)
      let assigner = try Assigner(.init(experiments: [ramped]))
      for user in users {
        let arm = assigner.arm(of: "ramp", user: user)
        if let old = before[user] { #expect(arm == old, "seed \(seed), share \(share), \(user)") }
        before[user] = arm
      }
    }
    #expect(before.count > 50, "seed \(seed)")
  }

  @Test("another experiment in the file moves nobody")
  func neighboursDoNotMatter() throws {
    let first = Experiment(name: "first", share: 0.5, arms: .named("a", "b"))
    let second = Experiment(name: "second", start: 0.5, share: 0.5, arms: .named("a", "b"))
    let alone = try Assigner(.init(experiments: [first]))
    let together = try Assigner(.init(experiments: [second, first]))
    for user in population(1000) {
      #expect(alone.arm(of: "first", user: user) == together.arm(of: "first", user: user))
      #expect(together.assign(user: user, decision: decision()).count == 1)
    }
  }

  @Test("arms get their weights' shares, and weight 0 gets nobody")
  func sharesFollowWeights() throws {
    let arms = [Arm(name: "a", weight: 1), Arm(name: "never", weight: 0), Arm(name: "b", weight: 3)]
    let assigner = try Assigner(.init(experiments: [.init(name: "uneven", arms: arms)]))
    let counts = Dictionary(
      population(40_000).map { (assigner.arm(of: "uneven", user: $0) ?? "nobody", 1.0) }, uniquingKeysWith: +)
    #expect(Set(counts.keys) == ["a", "b"])
    let excess = try #require(counts["a"]) - 10_000
    let statistic = excess * excess * (1 / 10_000.0 + 1 / 30_000.0)
    #expect(statistic < 10.83, "χ² with 1 degree of freedom at p = 0.001")
  }

  @Test("layers, versions and experiments are independent of each other")
  func independence() throws {
    let layers = try Assigner(
      .init(experiments: [
        .init(name: "one", layer: "left", arms: .named("a", "b")),
        .init(name: "two", layer: "right", arms: .named("a", "b")),
      ]))
    let newer = try Assigner(
      .init(experiments: [.init(name: "one", version: 2, layer: "left", arms: .named("a", "b"))]))
    let halves = try Assigner(
      .init(experiments: [
        .init(name: "low", layer: "left", share: 0.5, arms: .named("a", "b")),
        .init(name: "half", layer: "right", share: 0.5, arms: .named("a", "b")),
      ]))
    var tables = [[Double]](repeating: [0, 0, 0, 0], count: 3)
    for user in population(20_000) {
      let one = layers.arm(of: "one", user: user) == "a" ? 1 : 0
      let two = layers.arm(of: "two", user: user) == "a" ? 1 : 0
      let renewed = newer.arm(of: "one", user: user) == "a" ? 1 : 0
      let low = halves.arm(of: "low", user: user) == nil ? 0 : 1
      let half = halves.arm(of: "half", user: user) == nil ? 0 : 1
      tables[0][2 * one + two] += 1
      tables[1][2 * one + renewed] += 1
      tables[2][2 * low + half] += 1
    }
    for (index, table) in tables.enumerated() {
      let statistic = table.map { ($0 - 5000) * ($0 - 5000) / 5000 }.reduce(0, +)
      #expect(statistic < 16.27, "table \(index): χ² with 3 degrees of freedom at p = 0.001")
    }
  }

  @Test("held-out users are in no experiment, and raising the share holds out more of them and frees none")
  func holdout() throws {
    let experiment = Experiment(name: "aa", arms: .named("a", "b"))
    let small = try Assigner(.init(holdout: Holdout(share: 0.1), experiments: [experiment]))
    let large = try Assigner(.init(holdout: Holdout(share: 0.2), experiments: [experiment]))
    let open = try Assigner(.init(experiments: [experiment]))
    var heldCount = 0
    for user in population(5000) {
      let arms = small.assign(user: user, decision: decision()).recordedArms
      let isHeld = arms["holdout"] == "held"
      heldCount += isHeld ? 1 : 0
      #expect(arms["aa"] == (isHeld ? nil : open.arm(of: "aa", user: user)))
      if isHeld { #expect(large.assign(user: user, decision: decision()).recordedArms == ["holdout": "held"]) }
    }
    #expect((430...570).contains(heldCount))
    #expect(open.assign(user: "u1", decision: decision()).recordedArms["holdout"] == nil)
  }

  @Test("a forced arm is in force and recorded so that no report counts it")
  func forcedArms() throws {
    let changed = Arm(name: "b", weight: 0, changes: ArmSettings(objective: .ctr))
    let draft = Experiment(name: "draft", status: .draft, arms: [Arm(name: "a", weight: 1), changed])
    let stopped = Experiment(name: "old", status: .stopped, arms: .named("a", "b"))
    let running = Experiment(name: "aa", layer: "other", arms: .named("a", "b"))
    let assigner = try Assigner(.init(holdout: Holdout(share: 1), experiments: [draft, stopped, running]))
    let forced = ["draft": "b", "old": "a", "aa": "nonsense", "unknown": "a"]
    let assignments = assigner.assign(user: "u1", decision: decision(), forced: forced)
    #expect(assignments.recordedArms == ["draft": "forced:b", "holdout": "held"])
    #expect(assigner.settings(of: assignments) == ArmSettings(objective: .ctr))

    let free = try Assigner(.init(experiments: [running]))
    for arm in ["a", "b"] {
      #expect(
        free.assign(user: "u1", decision: decision(), forced: ["aa": arm]).recordedArms == ["aa": "forced:\(arm)"])
    }
  }

  @Test("an experiment by request draws each decision, and one by user needs a user")
  func units() throws {
    let byUser = Experiment(name: "user", layer: "one", arms: .named("a", "b"))
    let byRequest = Experiment(name: "request", unit: .request, layer: "two", arms: .named("a", "b"))
    let assigner = try Assigner(.init(experiments: [byUser, byRequest]))
    #expect(assigner.assign(user: "", decision: decision()).map(\.experiment) == ["request"])
    let arms = (0..<200).map { assigner.assign(user: "u1", decision: decision($0)).recordedArms }
    #expect(Set(arms.compactMap { $0["user"] }).count == 1)
    let inFirst = arms.count { $0["request"] == "a" }
    #expect((60...140).contains(inFirst))
    #expect(arms[7] == assigner.assign(user: "u1", decision: decision(7)).recordedArms)
  }

  @Test("settings of arms in different layers are merged")
  func mergedSettings() throws {
    let exploration = Exploration(share: 0.1, topCount: 5, temperature: 1)
    let model = Arm(name: "new", weight: 1, changes: ArmSettings(model: "m2", slotSwapShare: 0.3))
    let explore = Arm(name: "more", weight: 1, changes: ArmSettings(exploration: exploration))
    let nobody = Arm(name: "old", weight: 0)
    let assigner = try Assigner(
      .init(experiments: [
        .init(name: "model", layer: "one", arms: [nobody, model]),
        .init(name: "explore", layer: "two", arms: [nobody, explore]),
      ]))
    let assignments = assigner.assign(user: "u1", decision: decision())
    #expect(
      assigner.settings(of: assignments) == ArmSettings(model: "m2", exploration: exploration, slotSwapShare: 0.3))
  }

  private func population(_ count: Int) -> [String] {
    (0..<count).map { "user-\($0)" }
  }
}

func decision(_ index: Int = 0) -> DecisionID {
  DecisionID(time: 1_700_000_000_000, random: UInt128(index))
}

extension Assigner {
  fileprivate func arm(of experiment: String, user: String) -> String? {
    assign(user: user, decision: decision()).recordedArms[experiment]
  }
}

extension [Arm] {
  /// Arms of equal weight that change nothing.
  static func named(_ names: String...) -> [Arm] {
    names.map { Arm(name: $0, weight: 1) }
  }
}
