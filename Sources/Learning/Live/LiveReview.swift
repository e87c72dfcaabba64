import Events
import Logging
import Ranking
import Statistics

/// Looks at the latest live predictions once their labels are known: are they calibrated, do they come out the same when
/// computed anew, how would a shadow model have done? And takes a model back that is live and far off.
struct LiveReview {
  let store: Store
  let registry: ModelRegistry
  let configuration: LiveReviewConfiguration
  let logger: Logger

  /// What a look found.
  struct Findings: Sendable {
    /// Deciles of the predictions, ascending.
    var deciles: [ReliabilityBin] = []
    /// Predicted and observed clicks by slot.
    var slots: [Int: (predicted: Double, clicks: Int)] = [:]
    /// Predictions computed anew, the largest difference among them, and those whose model is gone.
    var recomputedCount = 0
    var skew = 0.0
    var unknownModelCount = 0
    /// The shadow model, and its log loss less that of what was served.
    var shadow: (model: String, comparison: PairedComparison)?
    /// The model that was taken back, and why.
    var rollback: (model: String, reason: String)?
  }

  /// - parameter settledBefore: impressions received before count although their click window is open.
  func look(settledBefore: Milliseconds) throws -> Findings {
    let examples = try latest(settledBefore: settledBefore)
    var findings = Findings()
    guard !examples.isEmpty else { return findings }
    let ranked = RankedExamples(labels: examples.map(\.label), scores: examples.map(\.ctr))
    findings.deciles = ranked?.reliabilityBins(count: 10, strategy: .equalMass) ?? []
    for example in examples {
      findings.slots[example.slot, default: (0, 0)].predicted += example.ctr
      findings.slots[example.slot, default: (0, 0)].clicks += example.label ? 1 : 0
    }
    recompute(examples, &findings)
    compareShadow(examples, &findings)
    findings.rollback = try takeBack(examples)
    return findings
  }

  private func latest(settledBefore: Milliseconds) throws -> [Example] {
    var examples: [Example] = []
    let last = try store.lastExample()
    try store.forEachExample(after: last - Int64(configuration.exampleCountMax), through: last, traffic: [.live]) {
      examples.append($0)
    }
    try store.forEachProvisionalExample(after: 0, receivedBefore: settledBefore, traffic: [.live]) {
      examples.append($0)
    }
    return Array(examples.suffix(configuration.exampleCountMax))
  }

  /// Computes a sample of the predictions anew with the model that its row names.
  private func recompute(_ examples: [Example], _ findings: inout Findings) {
    var models: [String: Model] = [:]
    let step = max(1, examples.count / max(1, configuration.skewSampleCount))
    for example in stride(from: examples.count - 1, through: 0, by: -step).map({ examples[$0] }) {
      if models[example.model] == nil { models[example.model] = try? registry.model(example.model) }
      guard let model = models[example.model] else {
        findings.unknownModelCount += 1
        continue
      }
      findings.recomputedCount += 1
      findings.skew = max(findings.skew, abs(example.probability(model) - example.ctr))
    }
  }

  private func compareShadow(_ examples: [Example], _ findings: inout Findings) {
    guard let shadow = registry.shadow, let model = try? registry.model(shadow) else { return }
    let learnt = (try? registry.record(shadow).lineage?.lastTime) ?? 0
    var comparison = PairedComparison()
    for example in examples where example.time > learnt {
      var generator = SeededGenerator(seed: UInt64(bitPattern: example.time &+ example.id))
      guard generator.nextUniform() < configuration.shadowShare else { continue }
      comparison.add(label: example.label, first: example.probability(model), second: example.ctr)
    }
    findings.shadow = (shadow, comparison)
  }

  /// Rolls back when the model that serves predicts far from what it brings.
  private func takeBack(_ examples: [Example]) throws -> (model: String, reason: String)? {
    guard configuration.rollsBack, let current = registry.current, current.action == .promoted else { return nil }
    let own = examples.filter { $0.model == current.model && $0.time >= current.time }
    let predicted = own.reduce(0) { $0 + $1.ctr }
    let clicks = Double(own.count { $0.label })
    let deviation = abs(clicks - predicted) / max(predicted, 1).squareRoot()
    let ratio = clicks > 0 ? predicted / clicks : .infinity
    guard own.count >= configuration.impressionCountMin, deviation > configuration.errorCountMin,
      !(configuration.calibrationRatioMin...configuration.calibrationRatioMax).contains(ratio)
    else { return nil }
    let reason =
      "on \(own.count) impressions since its deployment it predicted \((predicted * 10).rounded() / 10) clicks, "
      + "\(Int(clicks)) came"
    do { _ = try registry.rollback(reason: reason, who: ModelRegistry.trainerName) } catch let error as LearningError
      where error.code == .unknownModel
    {
      return nil
    }
    try registry.refuse(current.model, .liveCalibration, reason: reason)
    logger.error("\(current.model) was taken back: \(reason)")
    return (current.model, reason)
  }
}
