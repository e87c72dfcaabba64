extension Adtributor {
  /// One way to cut up the measure: the elements' names, forecasts and actual values, in the same order.
  public struct Dimension: Sendable, Equatable {
    public let name: String
    public let elements: [String]
    public let forecast: [Double]
    public let actual: [Double]

    public init(name: String, elements: [String], forecast: [Double], actual: [Double]) {
      self.name = name
      self.elements = elements
      self.forecast = forecast
      self.actual = actual
    }
  }

  /// The elements of one dimension that together explain the change.
  public struct Candidate: Sendable, Equatable {
    public let dimension: String
    /// By surprise, descending.
    public let elements: [String]
    /// Explanatory power of the elements together.
    public let explains: Double
    /// Surprise of the elements together.
    public let surprise: Double
  }

  /// The best explanation of each dimension that has one, by surprise, descending, at most `top`; ties go by name.
  ///
  /// Per dimension the elements are taken by surprise, skipping those that explain at most `elementPower` alone, until
  /// they explain more than `totalPower`. Blind to causes that span dimensions or the whole site. `nil` for no dimensions,
  /// where one is undefined as in ``elements(forecast:actual:)``, and for a negative `top`.
  public static func search(
    _ dimensions: [Dimension], totalPower: Double = 0.67, elementPower: Double = 0.10, top: Int = 3
  ) -> [Candidate]? {
    guard !dimensions.isEmpty, totalPower.isFinite, elementPower.isFinite, top >= 0 else { return nil }
    var candidates: [Candidate] = []
    for dimension in dimensions {
      guard dimension.elements.count == dimension.forecast.count,
        let elements = elements(forecast: dimension.forecast, actual: dimension.actual)
      else { return nil }
      if let found = candidate(dimension, elements, totalPower: totalPower, elementPower: elementPower) {
        candidates.append(found)
      }
    }
    candidates.sort { ($1.surprise, $0.dimension) < ($0.surprise, $1.dimension) }
    return Array(candidates.prefix(top))
  }

  private static func candidate(
    _ dimension: Dimension, _ elements: Elements, totalPower: Double, elementPower: Double
  ) -> Candidate? {
    guard let power = elements.explanatoryPower else { return nil }
    let order = power.indices.sorted {
      (elements.surprise[$1], dimension.elements[$0]) < (elements.surprise[$0], dimension.elements[$1])
    }
    var taken: [String] = []
    var (explains, surprise) = (0.0, 0.0)
    for index in order where power[index] > elementPower {
      taken.append(dimension.elements[index])
      explains += power[index]
      surprise += elements.surprise[index]
      if explains > totalPower {
        return Candidate(dimension: dimension.name, elements: taken, explains: explains, surprise: surprise)
      }
    }
    return nil
  }
}
