/// What kind of thing makes revenue drop.
public enum CauseKind: String, Sendable, Codable, CaseIterable {
  case trafficLoss = "traffic_loss"
  case wholeSiteTraffic = "whole_site_traffic"
  case mixShift = "mix_shift"
  case fillLoss = "fill_loss"
  case renderLoss = "render_loss"
  case clickLoss = "click_loss"
  case priceDrop = "price_drop"
  case wholeSitePrice = "whole_site_price"
  case modelMiscalibration = "model_miscalibration"
  case flatPredictions = "flat_predictions"
  case positionSwap = "position_swap"

  /// Does it point at the machinery (true) or at the quality of what it serves (false)?
  public var isInfrastructure: Bool {
    switch self {
    case .trafficLoss, .wholeSiteTraffic, .fillLoss, .renderLoss, .clickLoss: true
    case .mixShift, .priceDrop, .wholeSitePrice, .modelMiscalibration, .flatPredictions, .positionSwap: false
    }
  }
}
