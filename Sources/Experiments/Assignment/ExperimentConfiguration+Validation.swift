extension ExperimentConfiguration {
  func validate() throws(ExperimentError) {
    try require(
      experiments.count <= Limits.experimentCountMax,
      "\(experiments.count) experiments are more than \(Limits.experimentCountMax); remove stopped ones")
    try require((0...1).contains(holdout.share), "the hold-out's share must lie in [0, 1], but is \(holdout.share)")
    try adopted.validate(where: "'adopted'")
    try require(adopted.model == nil, "'adopted' can't name a model; promote it with 'adloop models promote'")
    var names: Set<String> = [Holdout.name]
    for experiment in experiments {
      try experiment.validate()
      try require(
        names.insert(experiment.name).inserted, "the name '\(experiment.name)' is taken; rename one experiment")
    }
    let running = experiments.filter { $0.status == .running }
    let layers = Set(running.map(\.layer))
    try require(
      layers.count <= Limits.layerCountMax,
      "\(layers.count) layers have running experiments, but at most \(Limits.layerCountMax) may")
    for (index, later) in running.enumerated() {
      try require(
        !later.splitsBudget || !running[..<index].contains(where: \.splitsBudget),
        "'\(later.name)' and another running experiment both split budgets; only one may at a time")
      for earlier in running[..<index] {
        try Self.validate(earlier, beside: later)
      }
    }
  }

  /// Two experiments may meet in a request only if they change different things.
  private static func validate(_ earlier: Experiment, beside later: Experiment) throws(ExperimentError) {
    if earlier.layer == later.layer {
      try require(
        earlier.unit == later.unit,
        "'\(earlier.name)' and '\(later.name)' share layer '\(later.layer)' but not their 'unit': give one another layer"
      )
      let apart = earlier.start + earlier.share <= later.start || later.start + later.share <= earlier.start
      try require(
        apart || earlier.share == 0 || later.share == 0,
        "'\(earlier.name)' and '\(later.name)' overlap in layer '\(later.layer)': move a 'start', lower a 'share' "
          + "or take another layer")
    } else if let setting = earlier.changedSettings.intersection(later.changedSettings).min() {
      throw ExperimentError(
        "'\(earlier.name)' and '\(later.name)' both change '\(setting)': put them into one layer, so that nobody is in both"
      )
    }
  }
}

extension Experiment {
  fileprivate func validate() throws(ExperimentError) {
    try requireName(name, of: "an experiment")
    try requireName(layer, of: "the layer of '\(name)'")
    let whole = 1 + 1e-9
    try require(
      start >= 0 && start < 1 && share >= 0 && start + share <= whole,
      "'\(name)' must lie in its layer: 0 <= start < 1, share >= 0 and start + share <= 1, "
        + "but start is \(start) and share is \(share)")
    let limit = ExperimentConfiguration.Limits.armCountMax
    try require((2...limit).contains(arms.count), "'\(name)' has \(arms.count) arms; it needs 2 to \(limit)")
    try require(Set(arms.map(\.name)).count == arms.count, "two arms of '\(name)' have the same name; rename one")
    for arm in arms {
      try requireName(arm.name, of: "an arm of '\(name)'")
      try require(
        arm.weight >= 0 && arm.weight.isFinite,
        "the weight of arm '\(arm.name)' of '\(name)' must be 0 or more, but is \(arm.weight)")
      try arm.changes.validate(where: "arm '\(arm.name)' of '\(name)'")
    }
    try require(
      !splitsBudget || unit == .user, "'\(name)' splits budgets, which needs 'unit: user'")
    try require(
      decision.map { arm($0) != nil } ?? true,
      "'\(name)' was decided for '\(decision ?? "")', which isn't one of its arms")
    let total = arms.reduce(0) { $0 + $1.weight }
    try require(total > 0 && total.isFinite, "all weights of '\(name)' are 0; give an arm one above 0")
  }
}

extension ArmSettings {
  fileprivate func validate(where place: String) throws(ExperimentError) {
    typealias Limits = ExperimentConfiguration.Limits
    if let model {
      try require(
        (1...Limits.modelLengthMax).contains(model.utf8.count),
        "\(place): 'model' must be the id of a model, or 'current'")
    }
    if let slotSwapShare {
      try require((0...1).contains(slotSwapShare), "\(place): 'slot_swap_share' must lie in [0, 1]")
    }
    if let reservePrice {
      try require(
        reservePrice >= 0 && reservePrice.isFinite, "\(place): 'reserve_price' must be a finite number of at least 0")
    }
    if let slots { try require(slots >= 1, "\(place): 'slots' must be 1 or more") }
    if let adsPerAdvertiserMax {
      try require(adsPerAdvertiserMax >= 0, "\(place): 'ads_per_advertiser_max' must be 0 (any number) or more")
    }
    guard let exploration else { return }
    try require((0...1).contains(exploration.share), "\(place): the exploration's 'share' must lie in [0, 1]")
    try require(
      (1...Limits.explorationTopCountMax).contains(exploration.topCount),
      "\(place): the exploration's 'top_count' must lie between 1 and \(Limits.explorationTopCountMax)")
    try require(
      exploration.temperature > 0 && exploration.temperature.isFinite,
      "\(place): the exploration's 'temperature' must be above 0")
  }
}

private func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(ExperimentError) {
  guard condition else { throw ExperimentError(message()) }
}

func requireName(_ name: String, of owner: String) throws(ExperimentError) {
  let limit = ExperimentConfiguration.Limits.nameLengthMax
  let allowed = name.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
  try require(
    allowed && (1...limit).contains(name.utf8.count),
    "the name of \(owner) must be 1 to \(limit) letters, digits, '_', '-' or '.', but is '\(name)'")
}
