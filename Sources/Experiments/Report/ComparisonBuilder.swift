import Statistics

/// Compares each arm with the first.
struct ComparisonBuilder {
  let metrics: [CappedMetric]
  let options: ReportOptions
  /// The sample ratio is wrong.
  let isMismatch: Bool

  /// One comparison for each group of arms, each arm but the control and each metric that is defined and varies, all
  /// corrected together.
  ///
  /// - parameter looks: the smallest always-valid p-value before, by arm and metric, for the first group.
  func comparisons(_ groups: [[ArmData]], looks: [ComparisonKey: Double] = [:]) -> [[Comparison]] {
    let raw = groups.map { arms in
      arms.dropFirst().flatMap { arm in
        metrics.indices.compactMap { RawComparison($0, control: arms[0], treatment: arm, options) }
      }
    }
    let adjusted = BenjaminiHochberg(
      pValues: raw.joined().map(\.effect.pValue), falseDiscoveryRate: options.falseDiscoveryRate)
    var rest = (adjusted?.adjusted ?? [])[...]
    return raw.map { group in
      group.map { raw in
        let pValue = rest.removeFirst()
        let key = ComparisonKey(arm: raw.treatment.name, metric: raw.metric)
        return comparison(raw, adjustedPValue: pValue, smallest: looks[key] ?? 1)
      }
    }
  }

  private func comparison(_ raw: RawComparison, adjustedPValue: Double, smallest: Double) -> Comparison {
    Comparison(
      arm: raw.treatment.name, metric: metrics[raw.metric].name, control: raw.effect.control.ratio,
      value: raw.effect.treatment.ratio, absolute: raw.effect.absolute(raw.sequence),
      relative: raw.effect.relative(raw.sequence), pValue: raw.effect.pValue, adjustedPValue: adjustedPValue,
      alwaysValidPValue: min(smallest, raw.sequence.pValue), adjusted: raw.adjusted(options),
      verdict: verdict(raw, adjustedPValue: adjustedPValue))
  }

  private func verdict(_ raw: RawComparison, adjustedPValue: Double) -> Comparison.Verdict {
    if isMismatch { return .invalid }
    let isEnough = [raw.control, raw.treatment].allSatisfy { arm in
      arm.unitCount >= ReportOptions.unitCountMin
        && arm.activeUnitCounts[raw.metric] >= ReportOptions.activeUnitCountMin
    }
    guard isEnough else { return .tooLittleData }
    guard adjustedPValue <= options.falseDiscoveryRate else { return .open }
    return raw.effect.difference > 0 ? .higher : .lower
  }
}

/// A metric, by its place, of an arm.
struct ComparisonKey: Hashable {
  let arm: String
  let metric: Int
}

/// One metric of two arms, before the correction for the number of comparisons.
private struct RawComparison {
  let metric: Int
  let control: ArmData
  let treatment: ArmData
  let effect: RatioDifference
  let sequence: AlwaysValid.DifferenceSequence

  init?(_ metric: Int, control: ArmData, treatment: ArmData, _ options: ReportOptions) {
    guard let a = control.ratio(metric), let b = treatment.ratio(metric),
      let effect = RatioDifference(control: a, treatment: b, confidence: options.confidence),
      let sequence = effect.sequence(options)
    else { return nil }
    self.metric = metric
    self.control = control
    self.treatment = treatment
    self.effect = effect
    self.sequence = sequence
  }

  /// CUPED on the linearised values, brought back to the metric's own scale by the arm's mean denominator.
  func adjusted(_ options: ReportOptions) -> Comparison.Adjusted? {
    guard control.pastUnitCount + treatment.pastUnitCount > 0,
      let a = control.linearized(metric, ratio: effect.control.ratio),
      let b = treatment.linearized(metric, ratio: effect.control.ratio),
      let cuped = CUPED(control: a, treatment: b, confidence: options.confidence),
      let sequence = AlwaysValid.difference(
        cuped.test.difference, standardError: cuped.test.standardError,
        count: Double(control.unitCount + treatment.unitCount), alpha: 1 - options.confidence,
        optimalTime: options.tuningUnitCount)
    else { return nil }
    let scale = 1 / treatment.meanDenominator(metric)
    return Comparison.Adjusted(
      difference: cuped.test.difference * scale, fixedHorizon: Interval(cuped.test.interval) * scale,
      alwaysValid: Interval(sequence.interval) * scale, pValue: cuped.test.pValue,
      varianceReduction: cuped.varianceReduction)
  }
}

extension RatioDifference {
  /// The always-valid interval around the difference.
  func sequence(_ options: ReportOptions) -> AlwaysValid.DifferenceSequence? {
    AlwaysValid.difference(
      difference, standardError: standardError, count: Double(control.count + treatment.count),
      alpha: 1 - options.confidence, optimalTime: options.tuningUnitCount)
  }

  func absolute(_ sequence: AlwaysValid.DifferenceSequence) -> Comparison.Effect {
    Comparison.Effect(
      difference: difference, fixedHorizon: Interval(interval), alwaysValid: Interval(sequence.interval))
  }

  /// The always-valid half width grows with the standard error, as the fixed one does.
  func relative(_ sequence: AlwaysValid.DifferenceSequence) -> Comparison.Effect? {
    relative.map { relative in
      let halfWidth = sequence.halfWidth / standardError * relative.standardError
      return Comparison.Effect(
        difference: relative.change, fixedHorizon: Interval(relative.interval),
        alwaysValid: Interval(center: relative.change, halfWidth: halfWidth))
    }
  }
}
