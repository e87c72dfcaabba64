/// What keeps an eligible ad out of a decision for its campaign's sake.
public enum Hindrance: Sendable, Equatable, CustomStringConvertible {
  /// In currency units, today; the budget counts as spent also when what served ads may still cost would spend it.
  case dailyBudget(spent: Double, budget: Double)
  /// The same over the campaign's life.
  case totalBudget(spent: Double, budget: Double)
  /// The campaign takes part with a probability, and this time doesn't.
  case pacing(probability: Double)
  case frequencyCap(seen: Int, cap: Int)

  public var description: String {
    switch self {
    case .dailyBudget(let spent, let budget): return "the day's budget is spent: \(spent.cents) of \(budget.cents)"
    case .totalBudget(let spent, let budget): return "the total budget is spent: \(spent.cents) of \(budget.cents)"
    case .pacing(let probability):
      return "pacing lets the campaign into \((probability * 100).cents) % of the decisions, and not into this one"
    case .frequencyCap(let seen, let cap):
      return "the user has seen the campaign \(seen) times, and its frequency cap is \(cap)"
    }
  }

  public var withholding: Withholding {
    switch self {
    case .dailyBudget, .totalBudget: .budget
    case .pacing: .pacing
    case .frequencyCap: .cap
    }
  }
}

/// The kinds of ``Hindrance``; the raw value is a metric's label.
public enum Withholding: String, Sendable, CaseIterable {
  case budget
  case pacing
  case cap
}

extension Double {
  /// The amount rounded to a hundredth, in the shortest form.
  fileprivate var cents: Double { (self * 100).rounded() / 100 }
}
