import Features
import Foundation
import Ranking
import Statistics
import Testing

@testable import Learning

@Suite("Choice of crosses and settings")
struct CrossSearchTests {
  static let schema = try! Schema(
    yaml: Data(
      """
      context: [{name: device}, {name: page}, {name: hour}]
      ad: [{name: category}, {name: brand}]
      """.utf8))

  /// Clicks that depend on page × category beyond their main effects, and on nothing else together.
  static func set(count: Int, seed: UInt64, strength: Double) -> TrainingSet {
    var generator = SeededGenerator(seed: seed)
    var set = TrainingSet(schema: schema)
    for id in 1...count {
      let values = [3, 6, 8, 6, 10].map { Int.random(in: 0..<$0, using: &generator) }
      let isMatch = values[1] == values[3]
      let logit = -1.5 + 0.2 * Double(values[0]) - 0.1 * Double(values[4] % 3) + (isMatch ? strength : 0)
      set.append(
        Example(
          id: Int64(id), context: ["device": "d\(values[0])", "page": "p\(values[1])", "hour": "h\(values[2])"],
          attributes: ["category": "c\(values[3])", "brand": "b\(values[4])"],
          label: generator.nextUniform() < Logistic.sigmoid(logit)))
    }
    return set
  }

  @Test("a planted context × ad interaction is found, first, and worth more than 3 % of normalized entropy")
  func findsPlantedCross() throws {
    let set = Self.set(count: 6000, seed: 3, strength: 2)
    var settings = TrainingSettings()
    let plain = try TrainingRun(set, settings: settings).run(id: "plain", created: 0)
    settings.model = .ftrlCrosses
    let crossed = try TrainingRun(set, settings: settings).run(id: "crossed", created: 0)
    #expect(crossed.lineage.crosses?.first == ["page", "category"])
    let entropies = try [plain, crossed].map { try #require($0.lineage.holdOut?.normalizedEntropy) }
    #expect(entropies[1] < entropies[0] * 0.97)
    let reloaded = try ModelFile.decode(ModelFile.encode(crossed.model), schema: Self.schema)
    #expect(reloaded == crossed.model)
  }

  @Test("the choice is a function of examples and settings, and no cross is found where there is none worth it")
  func choosesAlike() throws {
    let set = Self.set(count: 800, seed: 4, strength: 0)
    var settings = TrainingSettings()
    settings.passCount = 2
    let outcomes = try (0..<2).map { _ in
      try TrainingRun(set, settings: settings, tuning: [.ftrl, .ftrlCrosses]).run(id: "m", created: 0)
    }
    #expect(outcomes[0].model == outcomes[1].model)
    #expect(outcomes[0].lineage == outcomes[1].lineage)
    let trials = try #require(outcomes[0].lineage.tuning)
    #expect(trials.count > 10)
    #expect(trials.allSatisfy { $0.normalizedEntropy > 0.9 && $0.normalizedEntropy < 1.2 })
  }

  @Test("a factorization machine finds a planted interaction, and its file predicts what its vectors predict")
  func factorizes() throws {
    let set = Self.set(count: 8000, seed: 6, strength: 2)
    var settings = TrainingSettings()
    settings.factors.rate = 0.05
    let plain = try TrainingRun(set, settings: settings).run(id: "plain", created: 0)
    settings.model = .fm
    let outcome = try TrainingRun(set, settings: settings).run(id: "fm", created: 0)
    let entropies = try [plain, outcome].map { try #require($0.lineage.holdOut?.normalizedEntropy) }
    #expect(entropies[1] < entropies[0] * 0.97)
    let (index, examples) = try set.columns.encoded(adding: [], settings)
    let fit = Fit(columns: set.columns, index: index, examples: examples, settings: settings)
    let fitted = try fit.weights(learning: Array(0..<set.count))
    let logits = fitted.logits(Array(0..<200), of: examples)
    for (number, logit) in logits.enumerated() {
      let values = set.columns.values.indices.map { field in
        set.columns.values[field].values[Int(set.columns.codes[field][number]) - 1]
      }
      let served = outcome.model.logit(
        context: ["device": values[0], "page": values[1], "hour": values[2]],
        attributes: ["category": values[3], "brand": values[4]], slot: 1)
      #expect(abs(served - logit) < 1e-5)
    }
  }

  @Test("shared weights become part of the others: the offset is that of new values, and the file predicts as the fit")
  func sharesFrequencyWeights() throws {
    let set = Self.set(count: 3000, seed: 7, strength: 1)
    var settings = TrainingSettings()
    settings.sharesFrequencyWeights = true
    settings.passCount = 2
    let outcome = try TrainingRun(set, settings: settings).run(id: "m", created: 0)
    let (index, examples) = try set.columns.encoded(adding: [], settings)
    let fitted = try Fit(columns: set.columns, index: index, examples: examples, settings: settings)
      .weights(learning: Array(0..<set.count))
    #expect(fitted.weights.count == index.count)
    let served = outcome.model.logit(context: [:], attributes: [:], slot: 1)
    #expect(abs(served - fitted.offset - fitted.weights[0]) < 1e-5)
    for (number, logit) in fitted.logits(Array(0..<200), of: examples).enumerated() {
      let values = set.columns.values.indices.map { field in
        set.columns.values[field].values[Int(set.columns.codes[field][number]) - 1]
      }
      let served = outcome.model.logit(
        context: ["device": values[0], "page": values[1], "hour": values[2]],
        attributes: ["category": values[3], "brand": values[4]], slot: 1)
      #expect(abs(served - logit) < 1e-5)
    }
  }

  @Test("when the time is over, tuning ends with what it knows and says so")
  func endsInTime() throws {
    let set = Self.set(count: 400, seed: 8, strength: 0)
    var settings = TrainingSettings()
    settings.passCount = 2
    settings.tuningSecondsMax = 1e-9
    let outcome = try TrainingRun(set, settings: settings, tuning: ModelForm.allCases).run(id: "m", created: 0)
    #expect(outcome.choosing.isCutShort)
    #expect(try #require(outcome.lineage.tuning).count <= 2)
    settings.tuningSecondsMax = 0
    #expect(throws: LearningError.self) { try settings.validate() }
  }

  @Test("rare features are left out, and negatives that are left out count through the others")
  func admitsAndSamples() throws {
    let set = Self.set(count: 8000, seed: 5, strength: 0)
    var settings = TrainingSettings()
    settings.negativeShare = 0.25
    let outcome = try TrainingRun(set, settings: settings).run(id: "m", created: 0)
    #expect(abs(try #require(outcome.lineage.holdOut?.calibrationRatio) - 1) < 0.1)
    settings.admissionCountMin = 100_000
    let bare = try TrainingRun(set, settings: settings).run(id: "m", created: 0)
    #expect(bare.model.weightCount == 0)
  }
}
