/// Measures step by step, over a bounded number of weeks.
public struct TrafficSeries: Sendable {
  public static let stepMinutes = 5
  static let dayStepCount = 24 * 60 / stepMinutes
  static let weekStepCount = 7 * dayStepCount
  /// Steps that are kept: the four weeks that a window is compared with, the week from which the usual scatter is learnt,
  /// and a day, so that the oldest are dropped seldom.
  public static let stepCountMax = 5 * weekStepCount + dayStepCount
  private static let droppedStepCount = dayStepCount

  /// Number of the first step since 1970; `nil` while there is none.
  private var first: Int?
  private var values: [TrafficMeasures] = []

  public init() {}

  /// The step after the last one that is known.
  public var end: Int? { first.map { $0 + values.count } }

  /// Appends a step; those between the last one and it had no traffic. A step of the past changes nothing.
  public mutating func append(_ measures: TrafficMeasures, at step: Int) {
    guard let end else {
      (first, values) = (step, [measures])
      return
    }
    guard step >= end else { return }
    if step - end >= Self.stepCountMax {
      (first, values) = (step, [measures])
      return
    }
    values += Array(repeating: TrafficMeasures(), count: step - end) + [measures]
    if values.count > Self.stepCountMax {
      let count = values.count - Self.stepCountMax + Self.droppedStepCount
      values.removeFirst(count)
      first = end + (step - end + 1) - values.count
    }
  }

  /// The sums of `count` steps up to `step`; `nil` when they aren't all known.
  func sums(through step: Int, count: Int) -> TrafficMeasures? {
    guard let first, let end, step < end, step - count + 1 >= first else { return nil }
    return values[(step - count + 1 - first)...(step - first)].reduce(into: TrafficMeasures()) { $0 += $1 }
  }
}
