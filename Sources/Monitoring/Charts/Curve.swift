/// One line of a chart, a value a step; `nil` leaves a gap.
public struct Curve: Sendable {
  let name: String
  let values: [Double?]
  /// Drawn dashed: what was expected rather than what was.
  let isExpectation: Bool

  public init(_ name: String, _ values: [Double?], isExpectation: Bool = false) {
    self.name = name
    self.values = values
    self.isExpectation = isExpectation
  }
}
