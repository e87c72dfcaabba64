import Events

/// How the user's own data are tried with arms that differ in nothing.
public struct AAOptions: Sendable {
  /// Experiments, each with arms drawn anew.
  public var runCount = 200
  /// Newest days of the store that each of them sees, looked at after every day.
  public var dayCountMax = 30
  /// Users in each experiment, drawn from all at random when there are more.
  public var userCountMax = 20_000
  public var alpha = 0.05
  public var seed: UInt64 = 1
  /// As in the reports that are being checked.
  public var capQuantile: Double?
  public var until = Milliseconds.max

  public init() {}

  func validate() throws(ExperimentError) {
    guard (20...100_000).contains(runCount) else { throw ExperimentError("the runs must be 20 to 100000") }
    guard (1...365).contains(dayCountMax) else { throw ExperimentError("the days must be 1 to 365") }
    guard (2 * ReportOptions.unitCountMin...1_000_000).contains(userCountMax) else {
      throw ExperimentError("the users must be \(2 * ReportOptions.unitCountMin) to 1000000")
    }
    guard alpha > 0, alpha < 1 else { throw ExperimentError("alpha must lie between 0 and 1") }
  }
}
