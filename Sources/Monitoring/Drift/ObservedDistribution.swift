/// What was counted of one subject in one window.
public enum ObservedDistribution: Sendable, Equatable {
  case values(CategoricalDistribution.Snapshot)
  case numbers(HistogramDistribution.Snapshot)

  public var total: UInt64 {
    switch self {
    case .values(let snapshot): snapshot.total
    case .numbers(let snapshot): snapshot.total
    }
  }

  /// Bin by bin; `nil` when the two are of different kinds or have other bins.
  func matched(with reference: ObservedDistribution) -> [MatchedBin]? {
    switch (self, reference) {
    case (.values(let current), .values(let reference)): current.matched(with: reference)
    case (.numbers(let current), .numbers(let reference)): current.matched(with: reference)
    default: nil
    }
  }
}
