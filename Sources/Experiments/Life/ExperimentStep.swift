import Foundation

/// A step in the life of an experiment.
public enum ExperimentStep: Sendable, Equatable {
  /// A new draft: nobody is assigned, its arms may be forced.
  case create(Experiment)
  /// Assigns users from now on, with this share of the layer if one is given.
  case start(share: Double?)
  /// Adds users; moves none.
  case ramp(share: Double)
  /// Takes one arm out; its users see what everybody sees.
  case stopArm(String)
  case stop
  /// Ends it for this arm, whose changes hold for everybody but the held-out users from now on.
  case decide(arm: String)

  /// Its name in the history.
  public var action: String {
    switch self {
    case .create: "create"
    case .start: "start"
    case .ramp: "ramp"
    case .stopArm: "stop_arm"
    case .stop: "stop"
    case .decide: "decide"
    }
  }
}

extension ExperimentConfiguration {
  /// The configuration after a step of the experiment called `name` at `time`, of which whole seconds count.
  ///
  /// - parameter hasRunBefore: whether impressions carry the experiment's name already, of an earlier one that was removed.
  ///   Then what is older than its start doesn't count; else all does, so that times needn't be those of this machine.
  /// - throws: ``ExperimentError`` when the experiment isn't where the step begins, or the whole would contradict itself.
  public func after(
    _ step: ExperimentStep, of name: String, at time: Date, hasRunBefore: Bool = false
  ) throws(ExperimentError) -> Self {
    let now = Date(timeIntervalSince1970: time.timeIntervalSince1970.rounded(.down))
    if case .create(var draft) = step {
      draft.status = .draft
      (draft.since, draft.changed, draft.decision) = (nil, nil, nil)
      return try Self(holdout: holdout, experiments: experiments + [draft], adopted: adopted, revision: revision)
    }
    guard let index = experiments.firstIndex(where: { $0.name == name }) else {
      let names = experiments.map(\.name).joined(separator: ", ")
      throw ExperimentError("there is no experiment '\(name)'; known are: \(names.isEmpty ? "none" : names)")
    }
    var (experiments, adopted) = (experiments, adopted)
    try experiments[index].take(step, at: now)
    if case .start = step, hasRunBefore { experiments[index].since = now }
    if case .decide(let arm) = step, let changes = experiments[index].arm(arm)?.changes {
      adopted = changes.merged(over: adopted)
      // Which model serves is the registry's to say.
      adopted.model = nil
    }
    return try Self(holdout: holdout, experiments: experiments, adopted: adopted, revision: revision)
  }
}

extension Experiment {
  fileprivate mutating func take(_ step: ExperimentStep, at now: Date) throws(ExperimentError) {
    switch step {
    case .create: break
    case .start(let share):
      try require(.draft, "only a draft can start; create another experiment instead")
      status = .running
      changed = now
      self.share = share ?? self.share
    case .ramp(let share):
      try require(.running, "start it first")
      guard share > self.share else {
        throw ExperimentError(
          "'\(name)' has share \(self.share) already, and a ramp only adds users; stop it, or give a larger share")
      }
      self.share = share
      changed = now
    case .stopArm(let name):
      try require(.running, "there is nothing to stop")
      try stopArm(name)
      changed = now
    case .stop:
      try require(.running, "there is nothing to stop")
      status = .stopped
    case .decide(let arm):
      guard status != .draft else { throw ExperimentError("'\(name)' is a draft: start it first") }
      if let decision { throw ExperimentError("'\(name)' was decided for '\(decision)' already") }
      guard self.arm(arm) != nil else { throw unknown(arm) }
      status = .stopped
      decision = arm
    }
  }

  private mutating func stopArm(_ arm: String) throws(ExperimentError) {
    guard let index = arms.firstIndex(where: { $0.name == arm }) else { throw unknown(arm) }
    guard index > 0 else {
      throw ExperimentError("'\(arm)' is the control of '\(name)', without which there is no comparison; stop them all")
    }
    guard !arms[index].isStopped else { throw ExperimentError("arm '\(arm)' of '\(name)' is stopped already") }
    arms[index].isStopped = true
    // A control alone has nothing to be compared with.
    if !arms.dropFirst().contains(where: { !$0.isStopped && $0.weight > 0 }) { status = .stopped }
  }

  private func require(_ wanted: Status, _ advice: String) throws(ExperimentError) {
    guard status == wanted else { throw ExperimentError("'\(name)' is \(status.rawValue): \(advice)") }
  }

  private func unknown(_ arm: String) -> ExperimentError {
    ExperimentError("'\(name)' has no arm '\(arm)'; known are: \(arms.map(\.name).joined(separator: ", "))")
  }
}
