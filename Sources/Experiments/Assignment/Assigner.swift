import Events

/// Puts requests into the arms of the running experiments: a pure function of the configuration and of who asks.
///
/// - A user whose position under `holdout/VERSION` lies below the hold-out's share is in no experiment.
/// - A unit is in an experiment when its position under `layer/LAYER` lies in [start, start + share).
/// - Its arm is where its position under `experiment/NAME/VERSION` lies when the arms share [0, 1) in file order in
///   proportion to their weights. An arm of weight 0 owns nothing and gets nobody. A stopped arm keeps its range, but who
///   lies in it is in no arm.
///
/// The unit is the user's id, or 32 hexadecimal digits of the decision. Positions are those of ``HashPosition``. A restart,
/// another replica, a new release or another experiment in the file never moves a unit. Immutable: any thread may call it,
/// and it costs two hashes for each experiment a request is in and one for each other layer, below 1 µs each.
public struct Assigner: Sendable {
  private let holdout: Plan?
  private let layers: [Layer]
  /// Experiments whose arms may be forced, in file order.
  private let forcible: [Experiment]
  private let adopted: ArmSettings

  public init(_ configuration: ExperimentConfiguration) {
    holdout = configuration.holdout.experiment.map(Plan.init)
    let running = configuration.experiments.filter { $0.status == .running }
    var layers: [Layer] = []
    for experiment in running {
      let known = layers.firstIndex { $0.name == experiment.layer }
      let index = known ?? layers.endIndex
      if known == nil { layers.append(Layer(name: experiment.layer, unit: experiment.unit)) }
      layers[index].plans.append(Plan(experiment))
    }
    self.layers = layers
    forcible = configuration.experiments.filter { $0.status != .stopped }
    adopted = configuration.adopted
  }

  /// What changes for a request in these arms: what they change, and beneath it what was decided for everybody but the
  /// held-out users. A valid configuration has no setting that two layers change; between forced drafts the later one wins.
  public func settings(of assignments: [Assignment]) -> ArmSettings {
    let isHeld = assignments.contains { $0.experiment == Holdout.name && $0.arm == Holdout.heldArm }
    return assignments.reduce(isHeld ? ArmSettings() : adopted) { $1.changes.merged(over: $0) }
  }

  /// The experiments whose arms may be forced, with their arms.
  public var forcibleArms: [String: [String]] {
    Dictionary(forcible.map { ($0.name, $0.arms.map(\.name)) }) { first, _ in first }
  }

  /// The arms that a request is in, at most one for each experiment.
  ///
  /// - parameter user: id of who asks; when empty, only experiments by request apply.
  /// - parameter forced: experiment to arm, to check arms by hand; they hold even for draft experiments, held-out users and
  ///   arms of weight 0. Names that don't exist are ignored: ask the configuration first to refuse them.
  public func assign(user: String, decision: DecisionID, forced: [String: String] = [:]) -> [Assignment] {
    var assignments = forced.isEmpty ? [] : forcedAssignments(forced)
    if let holdout, !user.isEmpty, let arm = holdout.arm(unit: user) {
      assignments.append(arm)
      if arm.arm == Holdout.heldArm { return assignments }
    }
    for layer in layers {
      let unit = layer.unit == .user ? user : decision.description
      guard !unit.isEmpty, let assignment = layer.assignment(unit: unit) else { continue }
      if forced.isEmpty || !assignments.contains(where: { $0.experiment == assignment.experiment }) {
        assignments.append(assignment)
      }
    }
    return assignments
  }

  private func forcedAssignments(_ forced: [String: String]) -> [Assignment] {
    forcible.compactMap { experiment in
      guard let name = forced[experiment.name], let arm = experiment.arm(name) else { return nil }
      return Assignment(experiment: experiment.name, arm: arm.name, changes: arm.changes, isForced: true)
    }
  }
}

extension Assigner {
  /// The running experiments that share a layer's positions.
  private struct Layer: Sendable {
    let name: String
    let unit: Experiment.Unit
    let prefix: [UInt8]
    var plans: [Plan] = []

    init(name: String, unit: Experiment.Unit) {
      self.name = name
      self.unit = unit
      prefix = Array("layer/\(name)/".utf8)
    }

    func assignment(unit: String) -> Assignment? {
      let position = HashPosition.position(prefix: prefix, unit)
      return plans.first { $0.start <= position && position < $0.end }.flatMap { $0.arm(unit: unit) }
    }
  }

  /// An experiment, ready to be asked.
  private struct Plan: Sendable {
    let start: Double
    let end: Double
    private let prefix: [UInt8]
    /// By arm; `nil` for a stopped one.
    private let assignments: [Assignment?]
    /// Where each arm's range ends; an arm of weight 0 ends where it begins.
    private let bounds: [Double]

    init(_ experiment: Experiment) {
      start = experiment.start
      end = experiment.start + experiment.share
      let isHoldout = experiment.name == Holdout.name
      let key = isHoldout ? Holdout.name : "experiment/\(experiment.name)"
      prefix = Array("\(key)/\(experiment.version)/".utf8)
      assignments = experiment.arms.map {
        $0.isStopped
          ? nil : Assignment(experiment: experiment.name, arm: $0.name, changes: $0.changes, isForced: false)
      }
      let total = experiment.arms.reduce(0) { $0 + $1.weight }
      var sum = 0.0
      bounds = experiment.arms.map {
        sum += $0.weight
        return sum / total
      }
    }

    func arm(unit: String) -> Assignment? {
      let position = HashPosition.position(prefix: prefix, unit)
      return assignments[bounds.firstIndex { position < $0 } ?? bounds.endIndex - 1]
    }
  }
}
