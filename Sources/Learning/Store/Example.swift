import Events

/// An impression with its label: what models learn from and are judged by.
public struct Example: Sendable, Equatable {
  /// Of a closed example: its place in training order, from 1. Of a provisional one: its impression's id.
  public let id: Int64
  /// When the ad was on screen.
  public let time: Milliseconds
  /// Raw context of the request, JSON with sorted keys: equal contexts are equal texts.
  public let contextText: String
  /// Raw attributes of the ad, likewise.
  public let attributesText: String
  /// Position on the page, from 1.
  public let slot: Int
  /// Whether it was clicked within the window; of a provisional example, so far.
  public let label: Bool
  /// Click probability that was predicted when it was served.
  public let ctr: Double
  /// Currency units a click.
  public let bid: Double
  /// Currency units a click.
  public let price: Double
  /// Probability that the ad got the slot.
  public let propensity: Double
  /// Id of the model that predicted ``ctr``.
  public let model: String
  public let traffic: Traffic
}
