import Metrics

/// The counters and timers of all routes, made when first used. Each event loop has its own, so none is locked.
struct RouteMetrics {
  private struct Handles {
    var duration: Timer
    var byCode: [Int: Counter] = [:]
  }

  private let prefix: String
  private let names: [String]
  private var handles: [Handles?]

  /// - Parameter routes: their names by `Endpoint.index`.
  init(prefix: String, routes: [String]) {
    self.prefix = prefix
    names = routes + ["none"]
    handles = Array(repeating: nil, count: names.count)
  }

  /// - Parameter route: nil for a request that met no route.
  mutating func record(route: Int?, code: Int, nanoseconds: UInt64) {
    let index = route ?? names.count - 1
    if handles[index] == nil {
      handles[index] = Handles(
        duration: Timer(label: "\(prefix)_request_duration_seconds", dimensions: [("route", names[index])]))
    }
    handles[index]!.duration.recordNanoseconds(Int64(clamping: nanoseconds))
    if let counter = handles[index]!.byCode[code] { return counter.increment() }
    let counter = Counter(
      label: "\(prefix)_requests_total", dimensions: [("route", names[index]), ("code", "\(code)")])
    counter.increment()
    handles[index]!.byCode[code] = counter
  }
}
