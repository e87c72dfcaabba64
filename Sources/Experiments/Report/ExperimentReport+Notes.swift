extension ExperimentReport {
  /// What to know and what was found, the most important first.
  static func notes(
    _ sample: ExperimentSample, arms: [ArmSummary], sampleRatio: SampleRatio?, comparisons: [Comparison]
  ) -> [String] {
    let experiment = sample.experiment
    guard arms.contains(where: { $0.unitCount > 0 }) else {
      return ["No live impression belongs to '\(experiment.name)' yet: \(nextStep(experiment))."]
    }
    var notes: [String] = []
    if let sampleRatio, sampleRatio.isMismatch {
      notes.append(
        "Sample ratio mismatch (p = \(Text.pValue(sampleRatio.pValue))): the arms' \(experiment.unit.plural) aren't in "
          + "the planned proportions, so arms lose or gain units in another way. Find that fault; don't read the results."
      )
    }
    notes += findings(comparisons, experiment)
    let scarce = Set(comparisons.filter { $0.verdict == .tooLittleData }.map(\.metric))
    let undefined = Set(Metric.allCases).subtracting(comparisons.map(\.metric))
    if !scarce.isEmpty {
      notes.append(
        "Too little data for \(titles(scarce, experiment)): an arm has fewer than \(ReportOptions.unitCountMin) "
          + "\(experiment.unit.plural), or fewer than \(ReportOptions.activeUnitCountMin) of them with a click or money. "
          + "Their intervals are too narrow to be believed.")
    }
    if !undefined.isEmpty {
      notes.append("No comparison of \(titles(undefined, experiment)): there is nothing to measure yet.")
    }
    return notes + faults(sample)
  }

  private static func nextStep(_ experiment: Experiment) -> String {
    switch experiment.status {
    case .draft: "it is a draft; set its status to running"
    case .running where experiment.share == 0: "its share is 0; raise it"
    case .running: "send traffic, and log impressions with the tokens of /rank"
    case .stopped: "it is stopped"
    }
  }

  private static func findings(_ comparisons: [Comparison], _ experiment: Experiment) -> [String] {
    experiment.arms.dropFirst().flatMap { arm -> [String] in
      let own = comparisons.filter { $0.arm == arm.name }
      let found = own.filter { $0.verdict == .higher || $0.verdict == .lower }
      var notes = found.map { comparison in
        let change = comparison.relative.map { " (\(Text.change($0.difference)))" } ?? ""
        let title = comparison.metric.title(experiment.unit)
        let caution = comparison.isAlwaysValid ? "" : " if this is the planned end of the experiment"
        return "'\(arm.name)' has a \(comparison.verdict.rawValue) \(title)\(change)\(caution)."
      }
      let proxy = own.first { $0.metric == .ctr }?.verdict
      let business = own.first { $0.metric == .revenuePerUnit }?.verdict
      if proxy == .higher, business == .lower {
        notes.append("'\(arm.name)' wins clicks and loses money: CTR is the proxy, so decide by the money.")
      } else if proxy == .lower, business == .higher {
        notes.append("'\(arm.name)' loses clicks and wins money: CTR is the proxy, so decide by the money.")
      }
      if found.isEmpty, own.contains(where: { $0.verdict == .open }) {
        notes.append("'\(arm.name)' hasn't shown a difference; the intervals say how large one may still be.")
      }
      return notes
    }
  }

  private static func faults(_ sample: ExperimentSample) -> [String] {
    var notes: [String] = []
    let crossed = sample.units.count { $0.isCrossed }
    if crossed > 0 {
      notes.append(
        "\(crossed) \(sample.experiment.unit.plural) were seen in more than one arm and aren't counted: arms or weights "
          + "were changed without a new version and 'since'.")
    }
    for (name, count) in sample.strayImpressionCounts.sorted(by: { $0.key < $1.key }) {
      notes.append(
        "\(count) impressions carry the arm '\(name)', which the configuration doesn't have; they don't count.")
    }
    if sample.forcedImpressionCount > 0 {
      notes.append("\(sample.forcedImpressionCount) impressions had a forced arm; they don't count.")
    }
    return notes
  }

  private static func titles(_ metrics: Set<Metric>, _ experiment: Experiment) -> String {
    Metric.allCases.filter(metrics.contains).map { $0.title(experiment.unit) }.joined(separator: ", ")
  }
}

extension Comparison {
  /// The always-valid interval excludes 0 too, so the finding holds however often somebody looked.
  var isAlwaysValid: Bool {
    absolute.alwaysValid.low > 0 || absolute.alwaysValid.high < 0
  }
}
