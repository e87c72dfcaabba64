import Events
import Foundation

/// Sends one marked request through a running server and follows it from hop to hop.
public struct Probe {
  private let client: AdLoopClient
  private let timeoutSeconds: Double
  private let clock = ContinuousClock()

  /// - parameter timeoutSeconds: how long each hop may take.
  public init(client: AdLoopClient, timeoutSeconds: Double) {
    self.client = client
    self.timeoutSeconds = timeoutSeconds
  }

  /// Header field that marks the traffic.
  public static let headerName = "AdLoop-Probe"
  /// Gauge of the decision time of the latest probe seen at each hop behind /log.
  public static let hopMetric = "adloop_probe_decision_timestamp_seconds"

  /// Runs all hops in order and stops at the first broken one.
  public func run(context: [String: String]) -> ProbeReport {
    var report = ProbeReport()
    var sequence = 0
    var token = ""
    do {
      try hop("rank", &report) {
        let decision = try client.rank(
          PageView(user: "probe", context: context), headers: [(Self.headerName, "1")])
        // A decision's id begins with its time: the gauges show that of the latest probe.
        sequence = Int(decision.decision.prefix(12), radix: 16) ?? 0
        guard let ad = decision.ads.first else { throw ClientError("no ad was eligible for the probe's request") }
        token = ad.token
        return "ad \(ad.ad) by model \(decision.model)"
      }
      try hop("token", &report) {
        guard !token.isEmpty else { throw ClientError("the answer has no token") }
        return "\(token.utf8.count) bytes, sealed"
      }
      try hop("impression", &report) { try log(.impression, token) }
      try hop("click", &report) { try log(.click, token) }
      for name in ["join", "example", "evaluation"] {
        try hop(name, &report) { try visible(name, sequence) }
      }
      try hop("metrics", &report) { "\(Self.hopMetric) shows \(sequence)" }
    } catch {}
    return report
  }

  private func hop(_ name: String, _ report: inout ProbeReport, _ body: () throws -> String) throws {
    let start = clock.now
    do {
      let detail = try body()
      report.hops.append(.init(name: name, milliseconds: (clock.now - start) / .milliseconds(1), detail: detail))
    } catch {
      report.hops.append(.init(name: name, milliseconds: (clock.now - start) / .milliseconds(1), detail: "\(error)"))
      report.brokenHop = name
      throw error
    }
  }

  private func log(_ event: EventKind, _ token: String) throws -> String {
    let receipt = try client.log([EventMessage(event, token: token)], time: nil)
    guard receipt.accepted == 1 else {
      throw ClientError("not accepted: \(receipt.rejections.first ?? "the server calls it a duplicate")")
    }
    return "durable"
  }

  /// Reads /metrics until the hop's gauge reaches `sequence`.
  private func visible(_ name: String, _ sequence: Int) throws -> String {
    let deadline = clock.now + .seconds(timeoutSeconds)
    let line = "\(Self.hopMetric){hop=\"\(name)\"} "
    while clock.now < deadline {
      let shown = try client.metrics().split(separator: "\n").first { $0.hasPrefix(line) }
      let seconds = shown.flatMap { Double($0.dropFirst(line.utf8.count)) } ?? 0
      if Int((seconds * 1000).rounded()) >= sequence { return "seen" }
      Thread.sleep(forTimeInterval: 0.02)
    }
    throw ClientError("not seen within \(timeoutSeconds) s; look at the server's log")
  }
}

/// The hops of a probe in order, with what each took.
public struct ProbeReport: Codable, Sendable {
  public var hops: [Hop] = []
  /// The hop that failed, or `nil` when the probe went through.
  public var brokenHop: String?

  public struct Hop: Codable, Sendable {
    public var name: String
    public var milliseconds: Double
    public var detail: String
  }
}
