import Ranking

extension Example {
  /// What a model predicts for it.
  public func probability(_ model: Model) -> Double {
    model.probability(
      context: ExampleEncoder.values(contextText), attributes: ExampleEncoder.values(attributesText), slot: slot)
  }
}
