import Ranking

/// Decides whether a candidate may serve. A pure function: the same evidence, the same verdict.
public struct Gate: Sendable {
  public let configuration: GateConfiguration

  public init(_ configuration: GateConfiguration = .init()) {
    self.configuration = configuration
  }

  /// Why a candidate was refused, to branch on and to count.
  public enum Refusal: String, Codable, Sendable, CaseIterable {
    case tooFewExamples = "too_few_examples"
    case joinCoverage = "join_coverage"
    case joinDuplicates = "join_duplicates"
    case truncatedWindow = "truncated_window"
    case featureConstant = "feature_constant"
    case featureShift = "feature_shift"
    case clicksLost = "clicks_lost"
    case clickRate = "click_rate"
    case labelsFlipped = "labels_flipped"
    case noComparison = "no_comparison"
    case worseThanCurrent = "worse_than_current"
    case calibration
    case damagedFile = "damaged_file"
    case goldenPredictions = "golden_predictions"
    case nonFinite = "non_finite"
    /// Not by the gate: taken back while it served.
    case liveCalibration = "live_calibration"
  }

  /// The answer, with words for people.
  public struct Verdict: Codable, Sendable, Equatable {
    /// `nil` when the candidate may serve.
    public let refusal: Refusal?
    public let reason: String

    public var isAccepted: Bool { refusal == nil }
  }

  /// The verdict on a candidate: the first refusal that applies, in the order of ``Refusal``.
  public func judge(_ evidence: GateEvidence) -> Verdict {
    let checks = [enoughExamples, join, window, data, comparison, calibration, file]
    for check in checks {
      if let verdict = check(evidence) { return verdict }
    }
    return Verdict(refusal: nil, reason: words(evidence))
  }

  /// The verdict when no model could be made at all.
  public static func nonFinite(_ error: LearningError) -> Verdict {
    Verdict(refusal: .nonFinite, reason: error.description)
  }

  private func enoughExamples(_ evidence: GateEvidence) -> Verdict? {
    guard evidence.exampleCount < configuration.exampleCountMin else { return nil }
    return Verdict(
      refusal: .tooFewExamples,
      reason: "learnt \(evidence.exampleCount) examples, at least \(configuration.exampleCountMin) are needed")
  }

  private func join(_ evidence: GateEvidence) -> Verdict? {
    guard let health = evidence.health else { return nil }
    let counts = health.counts
    let events = counts.impressions + counts.joinedClicks + counts.lateClicks + counts.orphanClicks
    guard events >= configuration.joinEventCountMin else { return nil }
    if health.coverage < configuration.joinCoverageMin {
      return Verdict(
        refusal: .joinCoverage,
        reason: "only \(percent(health.coverage)) of the clicks found their impression, "
          + "at least \(percent(configuration.joinCoverageMin)) must; look for lost impressions")
    }
    if health.duplicateRate > configuration.duplicateRateMax {
      return Verdict(
        refusal: .joinDuplicates,
        reason: "\(percent(health.duplicateRate)) of the events are duplicates, "
          + "at most \(percent(configuration.duplicateRateMax)) may be; look for senders that repeat themselves")
    }
    return nil
  }

  private func window(_ evidence: GateEvidence) -> Verdict? {
    if let lag = evidence.health?.lagEventCount, lag > configuration.joinLagEventCountMax {
      return Verdict(
        refusal: .truncatedWindow,
        reason: "\(lag) events of the log aren't joined yet, at most \(configuration.joinLagEventCountMax) may be")
    }
    guard let current = evidence.currentExampleCount,
      Double(evidence.exampleCount) < configuration.windowShareMin * Double(current)
    else { return nil }
    return Verdict(
      refusal: .truncatedWindow,
      reason: "learnt \(evidence.exampleCount) examples, the current model \(current): its window is truncated")
  }

  private func data(_ evidence: GateEvidence) -> Verdict? {
    guard let refusal = evidence.review?.refusal else { return nil }
    return Verdict(refusal: refusal, reason: evidence.review?.words ?? refusal.rawValue)
  }

  private func comparison(_ evidence: GateEvidence) -> Verdict? {
    let comparison = evidence.comparison
    guard comparison.exampleCount >= configuration.comparisonExampleCountMin else {
      return evidence.mustCompare ? missingComparison(comparison) : nil
    }
    if evidence.mustCompare, let verdict = inferior(comparison) { return verdict }
    guard let bound = comparison.lowerBound(significance: configuration.significance), bound > 0 else { return nil }
    return Verdict(
      refusal: .worseThanCurrent,
      reason:
        "on \(comparison.exampleCount) examples new to both, its log loss is \(rounded(comparison.meanDifference)) "
        + "above the current model's, surely more than \(rounded(bound))")
  }

  /// A model that a person chose makes room only for one that is better, or surely as good but for a small margin.
  private func inferior(_ comparison: PairedComparison) -> Verdict? {
    let margin = configuration.inferiorityMax * comparison.secondLoss
    guard comparison.meanDifference > 0, let bound = comparison.upperBound(significance: configuration.significance),
      bound > margin
    else { return nil }
    return Verdict(
      refusal: .worseThanCurrent,
      reason:
        "a person made the current model serve, and on \(comparison.exampleCount) examples new to both its log loss "
        + "may be \(rounded(bound)) above, allowed are \(rounded(margin))")
  }

  private func missingComparison(_ comparison: PairedComparison) -> Verdict {
    Verdict(
      refusal: .noComparison,
      reason:
        "a person made the current model serve, and only \(comparison.exampleCount) examples are new "
        + "to both models, \(configuration.comparisonExampleCountMin) are needed to compare them")
  }

  private func calibration(_ evidence: GateEvidence) -> Verdict? {
    guard evidence.recentClickCount >= configuration.calibrationClickCountMin else { return nil }
    let ratio = evidence.calibrationRatio ?? .nan
    guard !(configuration.calibrationRatioMin...configuration.calibrationRatioMax).contains(ratio) else { return nil }
    return Verdict(
      refusal: .calibration,
      reason: "it predicts \(rounded(ratio)) clicks an observed one, allowed are "
        + "\(configuration.calibrationRatioMin) to \(configuration.calibrationRatioMax)")
  }

  private func file(_ evidence: GateEvidence) -> Verdict? {
    guard let reloaded = evidence.reloaded else {
      return Verdict(refusal: .damagedFile, reason: "its file can't be read back")
    }
    let differing = evidence.goldens.count { golden in
      golden.probability(evidence.candidate).bitPattern != golden.probability(reloaded).bitPattern
    }
    guard differing > 0 else { return nil }
    return Verdict(
      refusal: .goldenPredictions,
      reason: "\(differing) of \(evidence.goldens.count) predictions differ after its file was read back")
  }

  private func words(_ evidence: GateEvidence) -> String {
    let compared =
      evidence.comparison.exampleCount == 0
      ? "nothing new to compare on"
      : "log loss \(rounded(evidence.comparison.meanDifference)) against the current model "
        + "on \(evidence.comparison.exampleCount) examples"
    return "learnt \(evidence.exampleCount) examples, \(compared)"
  }

  private func percent(_ share: Double) -> String { "\(rounded(share * 100)) %" }

  private func rounded(_ number: Double) -> String { "\((number * 100_000).rounded() / 100_000)" }
}
