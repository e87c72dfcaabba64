import Ranking

/// The logit of one ad, feature by feature.
public struct ScoreExplanation: Codable, Sendable, Equatable {
  public var bias: Double
  /// Effect of the slot where the ad is shown.
  public var slot: Double
  /// What each matching feature adds, the largest magnitude first.
  public var features: [Feature]
  /// The sum of all, before calibration.
  public var logit: Double

  public struct Feature: Codable, Sendable, Equatable {
    /// Such as `device=mobile ^ category=shoes`.
    public var name: String
    public var weight: Double
  }

  /// Why `model` gives an ad of these raw `attributes` its logit.
  init(_ model: Model, context: [String: String], attributes: [String: String], slot: Int) {
    bias = model.bias
    self.slot = model.slots[slot] ?? 0
    features = model.contributions(context: context, attributes: attributes).map { contribution in
      let fields = [contribution.context, contribution.ad].flatMap { $0.sorted { $0.key < $1.key } }
      return Feature(
        name: fields.map { "\($0.key)=\($0.value)" }.joined(separator: " ^ "), weight: contribution.weight)
    }.sorted { (-abs($0.weight), $0.name) < (-abs($1.weight), $1.name) }
    logit = model.logit(context: context, attributes: attributes, slot: slot)
  }
}
