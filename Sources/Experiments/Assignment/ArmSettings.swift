import Events

/// What an arm changes about a request; whatever is `nil` stays as it is configured for everybody.
public struct ArmSettings: Codable, Sendable, Equatable {
  /// Id of the model to rank with; `nil` is the current one, which a file may also spell `current`.
  public var model: String?
  public var objective: Objective?
  public var exploration: Exploration?
  /// Share of decisions whose two best ads change places at random, in [0, 1].
  public var slotSwapShare: Double?

  public init(
    model: String? = nil, objective: Objective? = nil, exploration: Exploration? = nil, slotSwapShare: Double? = nil
  ) {
    self.model = model
    self.objective = objective
    self.exploration = exploration
    self.slotSwapShare = slotSwapShare
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case model, objective, exploration, slotSwapShare
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    let model = try values.decodeIfPresent(String.self, forKey: .model)
    self.model = model == "current" ? nil : model
    objective = try values.decodeIfPresent(Objective.self, forKey: .objective)
    exploration = try values.decodeIfPresent(Exploration.self, forKey: .exploration)
    slotSwapShare = try values.decodeIfPresent(Double.self, forKey: .slotSwapShare)
  }

  /// Names of the settings that aren't `nil`.
  public var names: Set<String> {
    var names = Set<String>()
    if model != nil { names.insert(CodingKeys.model.rawValue) }
    if objective != nil { names.insert(CodingKeys.objective.rawValue) }
    if exploration != nil { names.insert(CodingKeys.exploration.rawValue) }
    if slotSwapShare != nil { names.insert(CodingKeys.slotSwapShare.rawValue) }
    return names
  }

  /// These settings where they say something, and `other`'s where they don't.
  public func merged(over other: ArmSettings) -> ArmSettings {
    ArmSettings(
      model: model ?? other.model, objective: objective ?? other.objective,
      exploration: exploration ?? other.exploration, slotSwapShare: slotSwapShare ?? other.slotSwapShare)
  }
}
