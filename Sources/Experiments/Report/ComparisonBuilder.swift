import Statistics

/// Compares each arm with the first.
struct ComparisonBuilder {
  let arms: [ArmData]
  let options: ReportOptions
  /// The sample ratio is wrong.
  let isMismatch: Bool

  /// One comparison for each arm but the control and each metric that is defined and varies.
  func comparisons() -> [Comparison] {
    let raw = arms.dropFirst().flatMap { arm in
      Metric.allCases.compactMap { metric in
        RawComparison(metric, control: arms[0], treatment: arm, options)
      }
    }
    let adjusted = BenjaminiHochberg(
      pValues: raw.map(\.effect.pValue), falseDiscoveryRate: options.falseDiscoveryRate)
    return zip(raw, adjusted?.adjusted ?? []).map { raw, pValue in
      Comparison(
        arm: raw.treatment.name, metric: raw.metric, control: raw.effect.control.ratio,
        value: raw.effect.treatment.ratio,
        absolute: raw.absolute, relative: raw.relative, pValue: raw.effect.pValue, adjustedPValue: pValue,
        alwaysValidPValue: raw.alwaysValid.pValue, adjusted: raw.adjusted(options),
        verdict: verdict(raw, adjustedPValue: pValue))
    }
  }

  private func verdict(_ raw: RawComparison, adjustedPValue: Double) -> Comparison.Verdict {
    if isMismatch { return .invalid }
    let isEnough = [raw.control, raw.treatment].allSatisfy { arm in
      arm.unitCount >= ReportOptions.unitCountMin
        && arm.activeUnitCounts[raw.metric, default: 0] >= ReportOptions.activeUnitCountMin
    }
    guard isEnough else { return .tooLittleData }
    guard adjustedPValue <= options.falseDiscoveryRate else { return .open }
    return raw.effect.difference > 0 ? .higher : .lower
  }
}

/// One metric of two arms, before the correction for the number of comparisons.
private struct RawComparison {
  let metric: Metric
  let control: ArmData
  let treatment: ArmData
  let effect: RatioDifference
  let alwaysValid: AlwaysValid.DifferenceSequence

  init?(_ metric: Metric, control: ArmData, treatment: ArmData, _ options: ReportOptions) {
    guard let a = control.ratio(metric), let b = treatment.ratio(metric),
      let effect = RatioDifference(control: a, treatment: b, confidence: options.confidence),
      let sequence = AlwaysValid.difference(
        control: SampleSummary(a), treatment: SampleSummary(b), alpha: 1 - options.confidence,
        optimalTime: options.tuningUnitCount)
    else { return nil }
    self.metric = metric
    self.control = control
    self.treatment = treatment
    self.effect = effect
    alwaysValid = sequence
  }

  var absolute: Comparison.Effect {
    Comparison.Effect(
      difference: effect.difference, fixedHorizon: Interval(effect.interval),
      alwaysValid: Interval(center: effect.difference, halfWidth: alwaysValid.halfWidth))
  }

  /// The always-valid half width grows with the standard error, as the fixed one does.
  var relative: Comparison.Effect? {
    effect.relative.map { relative in
      Comparison.Effect(
        difference: relative.change, fixedHorizon: Interval(relative.interval),
        alwaysValid: Interval(
          center: relative.change,
          halfWidth: alwaysValid.halfWidth / effect.standardError * relative.standardError))
    }
  }

  /// CUPED on the linearised values, brought back to the metric's own scale by the arm's mean denominator.
  func adjusted(_ options: ReportOptions) -> Comparison.Adjusted? {
    guard control.total.pastUnitCount + treatment.total.pastUnitCount > 0,
      let a = control.linearized(metric, ratio: effect.control.ratio),
      let b = treatment.linearized(metric, ratio: effect.control.ratio),
      let cuped = CUPED(control: a, treatment: b, confidence: options.confidence)
    else { return nil }
    let scale = 1 / treatment.meanDenominator(metric)
    return Comparison.Adjusted(
      difference: cuped.test.difference * scale,
      fixedHorizon: Interval(low: cuped.test.interval.low * scale, high: cuped.test.interval.high * scale),
      pValue: cuped.test.pValue, varianceReduction: cuped.varianceReduction)
  }
}

extension SampleSummary {
  /// A ratio as if it were a mean with the same standard error.
  fileprivate init(_ metric: RatioMetric) {
    let square = metric.standardError * metric.standardError
    self.init(count: metric.count, mean: metric.ratio, variance: square * Double(metric.count))
  }
}
