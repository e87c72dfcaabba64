extension ExperimentPower {
  /// The plan as sentences and a table, ending in a newline.
  public var text: String {
    guard plans.contains(where: { !$0.curve.isEmpty }) else {
      return "The store has too few clicks to plan from: it needs live impressions of two \(unit.plural), some of them "
        + "with a click.\n"
    }
    let heading =
      "To find a change of \(Text.percent(relativeEffect)) with \(Text.percent(power)) power at alpha \(Text.number(alpha)), "
      + "in \(armCount) arms with \(Text.percent(share)) of the traffic\n(from \(dayCount) day\(dayCount == 1 ? "" : "s") of "
      + "the store's own \(unit.plural)):"
    let rows = plans.map { plan in
      [
        plan.metric.title, Text.metric(plan.metric, plan.value), plan.unitsPerArm.map(Text.count) ?? "–",
        plan.dayText, plan.curve.last.map { Text.percent($0.detectableEffect) } ?? "–",
      ]
    }
    let header = [
      "metric", "value", "\(unit.plural) per arm", "days", "smallest change found with all \(dayCount) days",
    ]
    return "\(heading)\n\n\(Text.table(header, rows))\n\(remark)"
  }

  private var remark: String {
    plans.contains { $0.isExtrapolated && $0.dayCount != nil }
      ? "\n~ beyond the store's days: assumes that new \(unit.plural) keep coming and behave as before.\n" : ""
  }
}

extension ExperimentPower.Plan {
  fileprivate var dayText: String {
    guard let dayCount else { return "–" }
    return isExtrapolated ? "~ \(Text.count(dayCount))" : Text.count(dayCount)
  }
}
