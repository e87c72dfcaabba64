import Catalog
import Foundation

/// Measures a plan on one thread: processor time a request of the full and of the pruned scan, and exactness.
public struct PlanBenchmark: Codable, Sendable, Equatable {
  /// Processor time a request, in microseconds, and ads looked at.
  public struct Scan: Codable, Sendable, Equatable {
    public let p50Microseconds: Double
    public let p99Microseconds: Double
    public let scannedMean: Double
  }

  /// What kind of model was measured.
  public let shape: String
  public let adCount: Int
  public let weightCount: Int
  public let requestCount: Int
  /// Every ad is looked at.
  public let full: Scan
  /// Groups of ads that can't win are passed over, as in serving.
  public let pruned: Scan
  /// Requests that the reference ranker answered too.
  public let checkedCount: Int
  /// Those where it answered otherwise: 0, unless there is a bug.
  public let differentCount: Int

  /// Times every request once, after one untimed round; then compares some with ``ReferenceRanker``.
  ///
  /// - parameter shape: names the kind of model in the answer.
  /// - parameter checkedCount: requests to compare, spread evenly; each takes microseconds an ad.
  public init(_ shape: String, _ plan: Plan, requests: [RankRequest], checkedCount: Int) {
    self.shape = shape
    adCount = plan.catalog.count
    weightCount = plan.model.weightCount
    requestCount = requests.count
    full = Self.time(plan, requests, pruning: false)
    pruned = Self.time(plan, requests, pruning: true)
    let step = max(requests.count / max(checkedCount, 1), 1)
    let checked = stride(from: 0, to: requests.count, by: step).prefix(checkedCount).map { requests[$0] }
    self.checkedCount = checked.count
    let catalog = plan.catalog.merged()
    differentCount = checked.count { request in
      let expected = ReferenceRanker.top(request, model: plan.model, catalog: catalog)
      return [true, false].contains { plan.top(request, pruning: $0).ads != expected.ads }
    }
  }

  private static func time(_ plan: Plan, _ requests: [RankRequest], pruning: Bool) -> Scan {
    for request in requests.prefix(100) { _ = plan.top(request, pruning: pruning) }
    var microseconds: [Double] = []
    var scanned = 0
    for request in requests {
      let start = processorNanoseconds()
      scanned += plan.top(request, pruning: pruning).scanned
      microseconds.append(Double(processorNanoseconds() - start) / 1000)
    }
    microseconds.sort()
    func quantile(_ part: Double) -> Double {
      microseconds.isEmpty ? 0 : microseconds[Int(part * Double(microseconds.count - 1))]
    }
    return Scan(
      p50Microseconds: quantile(0.5), p99Microseconds: quantile(0.99),
      scannedMean: Double(scanned) / Double(max(requests.count, 1)))
  }

  /// Nanoseconds that this thread has used.
  private static func processorNanoseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
  }
}
