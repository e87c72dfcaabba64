/// What the order of the ads maximises.
public enum Objective: String, Sendable, Codable, CaseIterable {
  /// Bid × CTR at slot 1.
  case revenue
  /// CTR at slot 1 alone.
  case ctr
}
