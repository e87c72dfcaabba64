/// Sums of the prices of an ad's events before a process began, in currency units.
public struct PastSpending: Sendable, Equatable {
  public var today: Double
  /// Today's included.
  public var total: Double
  /// Those of today since budgets were split.
  public var splitToday: Double
  /// All since budgets were split, today's included.
  public var splitTotal: Double

  public init(today: Double, total: Double, splitToday: Double = 0, splitTotal: Double = 0) {
    self.today = today
    self.total = total
    self.splitToday = splitToday
    self.splitTotal = splitTotal
  }

  /// The same in parts that don't overlap.
  var amounts: [(amount: Double, isToday: Bool, isSplit: Bool)] {
    let splitEarlier = splitTotal - splitToday
    return [
      (splitToday, true, true), (splitEarlier, false, true), (today - splitToday, true, false),
      (total - today - splitEarlier, false, false),
    ]
  }
}
