import Events

/// How budgets are divided between the arms of an experiment, so that no arm can spend what another would have.
///
/// Each campaign's budget is divided as the users are: an arm with a share of the users may spend that share of what the
/// campaign had left when the split began, and is paced by itself. Requests that are in no arm share the rest; where the
/// arms have all users, they are bounded by the campaign's whole budget only. Source: Liu, Mao and Kang, Trustworthy and
/// Powerful Online Marketplace Experimentation with Budget-split Design (KDD 2021).
public struct BudgetSplit: Sendable, Equatable {
  public let experiment: String
  /// Names of the arms that have a part.
  public let arms: [String]
  /// By part: each arm's share of all users, then that of everybody else when there is anybody.
  public let shares: [Double]
  /// From when on it holds: what was spent before is divided likewise.
  public let since: Milliseconds

  /// Shares below are taken for nobody.
  private static let restMin = 1e-9

  /// - parameter shares: of each arm of all users, above 0, together at most 1.
  public init(experiment: String, shares: [(arm: String, share: Double)], since: Milliseconds) {
    let rest = 1 - shares.reduce(0) { $0 + $1.share }
    self.experiment = experiment
    arms = shares.map(\.arm)
    self.shares = shares.map(\.share) + (rest > Self.restMin ? [rest] : [])
    self.since = since
  }

  /// The part that pays for a request with these arms by experiment; `nil` for none.
  func part(of experiments: [String: String]) -> Int? {
    if let arm = experiments[experiment], let index = arms.firstIndex(of: arm) { return index }
    return shares.count > arms.count ? arms.count : nil
  }
}
