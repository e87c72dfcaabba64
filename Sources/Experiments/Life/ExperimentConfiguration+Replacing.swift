extension ExperimentConfiguration {
  /// One experiment of which two configurations say something different.
  public struct Difference: Sendable, Equatable {
    public let name: String
    /// `create`, `change` or `remove`.
    public let action: String
    public let before: Experiment?
    public let after: Experiment?
  }

  /// What became of each experiment, the hold-out included, in the order of the newer file, then what was removed.
  public func differences(from old: ExperimentConfiguration) -> [Difference] {
    let names = ([Holdout.name] + experiments.map(\.name) + old.experiments.map(\.name)).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    return names.compactMap { name in
      let (before, after) = (old.experiment(name), experiment(name))
      guard before != after else { return nil }
      let action = before == nil ? "create" : after == nil ? "remove" : "change"
      return Difference(name: name, action: action, before: before, after: after)
    }
  }

  /// Checks that putting this in place of `old` moves no user of an experiment that goes on running, and frees
  /// none who is held out.
  ///
  /// - throws: ``ExperimentError`` that names the experiment and the way out.
  public func validate(replacing old: ExperimentConfiguration) throws(ExperimentError) {
    guard holdout.share >= old.holdout.share || holdout.version != old.holdout.version else {
      throw ExperimentError(
        "the hold-out is for good: lowering its share from \(old.holdout.share) would free users; raise its version to begin another"
      )
    }
    for after in experiments where after.status == .running {
      guard let before = old.experiment(after.name), before.status == .running, before.version == after.version else {
        continue
      }
      let isSame =
        before.unit == after.unit && before.layer == after.layer && before.start == after.start
        && before.arms.map(\.name) == after.arms.map(\.name) && before.arms.map(\.weight) == after.arms.map(\.weight)
      guard isSame, after.share >= before.share else {
        throw ExperimentError(
          "'\(after.name)' is running, and this would move users: leave its unit, layer, start, arms and weights and don't "
            + "lower its share, or raise its version")
      }
    }
  }
}
