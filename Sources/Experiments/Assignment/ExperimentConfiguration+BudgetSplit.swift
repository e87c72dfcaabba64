import Events
import Foundation
import Ranking

extension ExperimentConfiguration {
  /// How the running experiment that splits budgets divides them; `nil` when there is none.
  public var budgetSplit: BudgetSplit? {
    guard let experiment = experiments.first(where: { $0.status == .running && $0.splitsBudget }) else { return nil }
    let weight = experiment.arms.reduce(0) { $0 + $1.weight }
    let users = (1 - holdout.share) * experiment.share / weight
    let arms = experiment.arms.filter { !$0.isStopped && $0.weight > 0 }
    let since = experiment.changed ?? experiment.since
    return BudgetSplit(
      experiment: experiment.name, shares: arms.map { ($0.name, users * $0.weight) },
      since: since.map { Milliseconds(($0.timeIntervalSince1970 * 1000).rounded()) } ?? 0)
  }
}
