extension ExperimentReport {
  /// What to know and what was found, the most important first.
  func notes(_ sample: ExperimentUnits) -> [String] {
    guard arms.contains(where: { $0.unitCount > 0 }) else {
      return ["No live impression belongs to '\(experiment)' yet: \(Self.nextStep(sample.experiment))."]
    }
    let undefined = Set(metrics.map(\.name)).subtracting(comparisons.map(\.metric))
    let scarce = Set(comparisons.filter { $0.verdict == .tooLittleData }.map(\.metric))
    var notes = splitNotes + arms.dropFirst().flatMap { findings($0.name) }
    if !scarce.isEmpty {
      notes.append(
        "Too little data for \(titles(scarce)): an arm has fewer than \(ReportOptions.unitCountMin) \(unit.plural), or "
          + "fewer than \(ReportOptions.activeUnitCountMin) of them with anything to count. Their intervals are too narrow "
          + "to be believed.")
    }
    if !undefined.isEmpty { notes.append("No comparison of \(titles(undefined)): there is nothing to measure yet.") }
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

  private var splitNotes: [String] {
    guard let sampleRatio else { return [] }
    if sampleRatio.isMismatch {
      let p = min(sampleRatio.pValue, sampleRatio.sequentialPValue)
      return [
        "Sample ratio mismatch (p = \(Text.pValue(p))): the arms' \(unit.plural) aren't in the planned proportions, so "
          + "arms lose or gain units in another way. Find that fault; don't read the results."
      ]
    }
    let bad = sampleRatio.days.filter(\.isMismatch).map(\.day)
    return bad.isEmpty
      ? []
      : [
        "Sample ratio mismatch on \(bad.joined(separator: ", ")), of \(sampleRatio.days.count) days: the new \(unit.plural) "
          + "of the day aren't in the planned proportions. Look for a fault on that day."
      ]
  }

  /// What one arm did, the long run first.
  private func findings(_ arm: String) -> [String] {
    let own = comparisons.filter { $0.arm == arm }
    let found = own.filter { $0.verdict == .higher || $0.verdict == .lower }
    var notes = longTermNotes(arm)
    notes += found.map { comparison in
      let change = comparison.relative.map { " (\(Text.change($0.difference)))" } ?? ""
      let caution = comparison.isAlwaysValid ? "" : " if this is the planned end of the experiment"
      return "'\(arm)' has a \(comparison.verdict.rawValue) \(title(comparison.metric))\(change)\(caution)."
    }
    notes += Self.trade(arm, proxy: verdict(own, .proxy), business: verdict(own, .goal))
    if found.isEmpty, own.contains(where: { $0.verdict == .open }) {
      notes.append("'\(arm)' hasn't shown a difference; the intervals say how large one may still be.")
    }
    return notes
  }

  private static func trade(
    _ arm: String, proxy: Comparison.Verdict?, business: Comparison.Verdict?
  ) -> [String] {
    switch (proxy, business) {
    case (.higher, .lower): ["'\(arm)' wins clicks and loses money: CTR is the proxy, so decide by the money."]
    case (.lower, .higher): ["'\(arm)' loses clicks and wins money: CTR is the proxy, so decide by the money."]
    default: []
    }
  }

  /// The verdict of the first metric of a role.
  private func verdict(_ comparisons: [Comparison], _ role: MetricDefinition.Role) -> Comparison.Verdict? {
    guard let metric = metrics.first(where: { $0.role == role }) else { return nil }
    return comparisons.first { $0.metric == metric.name }?.verdict
  }

  private func longTermNotes(_ arm: String) -> [String] {
    guard let goal = metrics.first(where: { $0.role == .goal }),
      let effect = longTerm.first(where: { $0.arm == arm && $0.metric == goal.name }),
      effect.verdict == .higher || effect.verdict == .lower
    else { return [] }
    let isGain = (effect.verdict == .higher) == (goal.direction == .up)
    let change = effect.year
    let range = Text.interval(change.interval, isRelative: true)
    var text =
      "'\(arm)' is a \(isGain ? "gain" : "loss") in the long run: over a year it changes \(goal.title) by "
      + "\(Text.change(change.value)) (\(range)), \(Text.change(effect.shortTerm.value)) at once and "
      + "\(Text.change(effect.learned.value)) by what users learn of it."
    let proxy = metrics.first { $0.role == .proxy }
    let today = comparisons.first { $0.arm == arm && $0.metric == proxy?.name }?.relative
    if let proxy, let today, !isGain, today.difference > 0 {
      text += " That its \(proxy.title) is higher today (\(Text.change(today.difference))) must not deceive you."
    }
    return [text]
  }

  private func faults(_ sample: ExperimentUnits) -> [String] {
    var notes: [String] = []
    if crossedUnitCount > 0 {
      notes.append(
        "\(crossedUnitCount) \(unit.plural) were seen in more than one arm and aren't counted: arms or weights were changed "
          + "without a new version and 'since'.")
    }
    for (name, count) in strayImpressionCounts.sorted(by: { $0.key < $1.key }) {
      notes.append(
        "\(count) impressions carry the arm '\(name)', which the configuration doesn't have; they don't count.")
    }
    if sample.forcedImpressionCount > 0 {
      notes.append("\(sample.forcedImpressionCount) impressions had a forced arm; they don't count.")
    }
    return notes
  }

  private func titles(_ names: Set<String>) -> String {
    metrics.filter { names.contains($0.name) }.map(\.title).joined(separator: ", ")
  }

  func title(_ name: String) -> String { definition(name)?.title ?? name }
}

extension Comparison {
  /// The always-valid interval excludes 0 too, so the finding holds however often somebody looked.
  var isAlwaysValid: Bool { absolute.alwaysValid.isAbove0 || absolute.alwaysValid.isBelow0 }
}
