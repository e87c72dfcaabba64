import Locking

/// A token bucket for each client. Clients beyond the limit of the table share one.
final class RateLimiter: Sendable {
  private struct Bucket {
    var tokens: Double
    var nanoseconds: UInt64
  }

  private struct Table {
    var buckets: [IPAddress: Bucket] = [:]
    var sweptNanoseconds: UInt64 = 0
  }

  private static let shared = IPAddress(high: .max, low: .max)
  private let configuration: Configuration.RateLimit
  private let table = Locked(Table())

  init(_ configuration: Configuration.RateLimit) {
    self.configuration = configuration
  }

  /// Takes a token; when there is none, returns the seconds until there will be, from 1 to a day.
  /// - Parameter client: an address; all that isn't one is one client.
  func take(_ client: String, at nanoseconds: UInt64) -> Int? {
    let address = IPAddress(client) ?? Self.shared
    let key = address.isVersion4 ? address : address.network(bits: 64)
    return table.withLock { table in
      let slot = slot(key, in: &table, at: nanoseconds)
      var bucket = table.buckets[slot] ?? Bucket(tokens: configuration.burstCount, nanoseconds: nanoseconds)
      bucket.tokens = refilled(bucket, at: nanoseconds)
      bucket.nanoseconds = nanoseconds
      defer { table.buckets[slot] = bucket }
      guard bucket.tokens < 1 else {
        bucket.tokens -= 1
        return nil
      }
      return Int(min(86_400, max(1, ((1 - bucket.tokens) / configuration.requestsPerSecondMax).rounded(.up))))
    }
  }

  private func refilled(_ bucket: Bucket, at nanoseconds: UInt64) -> Double {
    let seconds = Double(nanoseconds - min(nanoseconds, bucket.nanoseconds)) / 1e9
    return min(configuration.burstCount, bucket.tokens + seconds * configuration.requestsPerSecondMax)
  }

  /// A full bucket is worth no more than none, so a full table forgets those, at most once a second.
  private func slot(_ key: IPAddress, in table: inout Table, at nanoseconds: UInt64) -> IPAddress {
    guard table.buckets[key] == nil, table.buckets.count >= configuration.clientsMax else { return key }
    if nanoseconds > table.sweptNanoseconds + 1_000_000_000 {
      table.sweptNanoseconds = nanoseconds
      table.buckets = table.buckets.filter { refilled($1, at: nanoseconds) < configuration.burstCount }
    }
    return table.buckets.count < configuration.clientsMax ? key : Self.shared
  }
}
