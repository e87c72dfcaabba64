import Dispatch
import Foundation
import Locking
import Logging

/// How fast a log acknowledges events: so many clients that each append a batch, wait until it is durable, and append the
/// next.
public struct LogBenchmark: Codable, Sendable {
  /// Appending at the same time.
  public let clientCount: Int
  /// Events of one append.
  public let batchCount: Int
  public let seconds: Double
  /// Events that were acknowledged, all distinct.
  public let eventCount: Int
  /// Bytes of one event in the log.
  public let payloadByteCount: Int
  public let eventsPerSecond: Double
  /// From an append to its acknowledgement.
  public let p50Milliseconds: Double
  public let p99Milliseconds: Double

  /// Appends for so many seconds to a new log in `directory`, with the settings of a server; the files stay.
  ///
  /// - throws: `EventLogError` when a batch isn't acknowledged.
  public init(directory: URL, clientCount: Int, batchCount: Int, seconds: Double) throws {
    var logger = Logger(label: "adloop.bench")
    logger.logLevel = .warning
    let log = try EventLog(directory: directory, logger: logger)
    defer { try? log.close() }
    let start = DispatchTime.now().uptimeNanoseconds
    let end = start + UInt64(seconds * 1e9)
    let results = Locked<[Result<[UInt64], any Error>]>([])
    let threads = DispatchGroup()
    for client in 0..<clientCount {
      threads.enter()
      Thread.detachNewThread {
        let result = Result { try Self.append(to: log, client: client, batchCount: batchCount, until: end) }
        results.withLock { $0.append(result) }
        threads.leave()
      }
    }
    threads.wait()
    let elapsed = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    let latencies = try results.withLock { try $0.flatMap { try $0.get() } }.sorted()
    self.clientCount = clientCount
    self.batchCount = batchCount
    self.seconds = elapsed
    eventCount = latencies.count * batchCount
    payloadByteCount = Self.event(client: 0, number: 0).encoded().count
    eventsPerSecond = Double(eventCount) / elapsed
    p50Milliseconds = Self.quantile(latencies, 0.5)
    p99Milliseconds = Self.quantile(latencies, 0.99)
  }

  /// Nanoseconds of each append until a time.
  private static func append(
    to log: EventLog, client: Int, batchCount: Int, until end: UInt64
  ) throws -> [UInt64] {
    var latencies: [UInt64] = []
    var time = DispatchTime.now().uptimeNanoseconds
    while time < end {
      let first = latencies.count * batchCount
      try log.append((first..<first + batchCount).map { event(client: client, number: $0) })
      let now = DispatchTime.now().uptimeNanoseconds
      latencies.append(now - time)
      time = now
    }
    return latencies
  }

  /// An impression of about 200 bytes that no other client or number has.
  private static func event(client: Int, number: Int) -> Event {
    let time: Milliseconds = 1_790_000_000_000 + Milliseconds(number)
    let served = ServedAd(
      decision: DecisionID(time: time, random: UInt128(client) << 40 | UInt128(number)), slot: 1, time: time,
      user: "u\(client)", context: ["device": "mobile", "page": "sports", "country": "DE", "browser": "firefox"],
      ad: "ad-\(number % 100_000)", attributes: ["category": "shoes", "advertiser": "beldia", "format": "banner"],
      model: "m1", ctr: 0.031, bid: 1.25, price: 0.75)
    return Event(kind: .impression, served: served, time: time, received: time)
  }

  private static func quantile(_ sorted: [UInt64], _ share: Double) -> Double {
    sorted.isEmpty ? 0 : Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 1e6
  }
}
