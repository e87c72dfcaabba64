extension PolicyReport: Encodable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  /// Flat: `ips`, `ips_se`, `snips`, …, `ips_clip10`, `switch_dr10`, and objects `weights` and `intervals`.
  public func encode(to encoder: any Encoder) throws {
    var all = encoder.container(keyedBy: Key.self)
    try all.encode(rowCount, forKey: Key("rows"))
    try all.encode(logged, forKey: Key("logged"))
    var intervals = all.nestedContainer(keyedBy: Key.self, forKey: Key("intervals"))
    for (name, estimate) in estimates {
      try all.encode(estimate?.value, forKey: Key(name))
      try all.encode(estimate?.standardError, forKey: Key(name + "_se"))
      guard let interval = estimate?.interval else { continue }
      try intervals.encode(interval, forKey: Key(name))
    }
    try all.encode(selfNormalizedDoublyRobust, forKey: Key("sndr"))
    try all.encode(replay, forKey: Key("replay"))
    try all.encode(replayCount, forKey: Key("replay_matched"))
    for clip in clipped {
      let limit = Self.text(clip.limit)
      try all.encode(clip.ips, forKey: Key("ips_clip" + limit))
      try all.encode(clip.switchDoublyRobust, forKey: Key("switch_dr" + limit))
      try all.encode(clip.share, forKey: Key("clipped_share" + limit))
    }
    var weights = all.nestedContainer(keyedBy: Key.self, forKey: Key("weights"))
    try weights.encode(meanWeight.value, forKey: Key("mean"))
    try weights.encode(meanWeight.standardError, forKey: Key("mean_se"))
    try weights.encode(maximumWeight, forKey: Key("max"))
    try weights.encode(maximumWeightShare, forKey: Key("max_share"))
    try weights.encode(effectiveSampleSize, forKey: Key("ess"))
    try weights.encode(zeroShare, forKey: Key("share_zero"))
    try weights.encode(unsupportedShare, forKey: Key("share_unsupported"))
    try all.encode(isUsable, forKey: Key("usable"))
    try all.encode(objections, forKey: Key("objections"))
  }

  /// The estimates that have an error, by name.
  public var estimates: [(name: String, estimate: Estimate?)] {
    [("ips", ips), ("snips", snips), ("dm", directMethod), ("dr", doublyRobust)]
  }

  /// The number without a decimal point when it is whole.
  public static func text(_ limit: Double) -> String {
    limit == limit.rounded() && abs(limit) < 1e9 ? "\(Int(limit))" : "\(limit)"
  }
}
