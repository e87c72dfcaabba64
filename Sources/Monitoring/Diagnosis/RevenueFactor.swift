/// The factors of revenue = requests × filled/requests × impressions/filled × clicks/impressions × revenue/click.
public enum RevenueFactor: String, Sendable, Codable, CaseIterable {
  case requests, fill, render, ctr, price

  /// Does a drop of this factor point at the machinery (true) or at what it serves (false)?
  public var isInfrastructure: Bool {
    switch self {
    case .requests, .fill, .render: true
    case .ctr, .price: false
    }
  }

  /// The factor in words.
  public var words: String {
    switch self {
    case .requests: "requests"
    case .fill: "fill rate"
    case .render: "render rate"
    case .ctr: "click-through rate"
    case .price: "price per click"
    }
  }
}
