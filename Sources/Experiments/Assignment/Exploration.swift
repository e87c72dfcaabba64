/// How a decision tries ads that the model doesn't put first: by a Plackett–Luce draw over the best few.
public struct Exploration: Codable, Sendable, Equatable {
  /// Share of decisions that explore, in [0, 1].
  public var share: Double
  /// Length of the short list that is drawn from, 1 or more.
  public var topCount: Int
  /// Spread of the draw, above 0: small stays close to the ranking, large is close to uniform.
  public var temperature: Double

  public init(share: Double, topCount: Int, temperature: Double) {
    self.share = share
    self.topCount = topCount
    self.temperature = temperature
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case share
    case topCount = "top_count"
    case temperature
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    share = try values.decode(Double.self, forKey: .share)
    topCount = try values.decode(Int.self, forKey: .topCount)
    temperature = try values.decode(Double.self, forKey: .temperature)
  }
}
