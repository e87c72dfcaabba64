import Dispatch
import Foundation
import Locking
import Logging
import Metrics

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Sends messages to an address, in order, one at a time, on a queue of its own: whoever hands one over never waits.
///
/// A message that isn't answered with 2xx is sent again after a second, then two, and so on; after the last attempt it is
/// given up. What comes while too many wait is turned away. All fates are counted in `adloop_alert_webhook_total`.
final class Webhook: Sendable {
  /// Sends a message once and tells whether it was taken.
  typealias Transport = @Sendable (Data, _ completion: @escaping @Sendable (Bool) -> Void) -> Void
  /// Runs work after some seconds.
  typealias Delay = @Sendable (Double, _ work: @escaping @Sendable () -> Void) -> Void

  enum Fate: String, CaseIterable {
    case delivered, failed
    case turnedAway = "turned_away"
  }

  private static let firstPauseSeconds = 1.0
  private static let pauseSecondsMax = 300.0

  private let transport: Transport
  private let delay: Delay
  private let queueCountMax: Int
  private let attemptCountMax: Int
  private let logger: Logger
  private let counters = Dictionary(
    uniqueKeysWithValues: Fate.allCases.map {
      ($0, Counter(label: "adloop_alert_webhook_total", dimensions: [("fate", $0.rawValue)]))
    })
  private let state = Locked(State())

  private struct State {
    /// The first one is under way.
    var waiting: [Data] = []
    var counts: [Fate: Int] = [:]
  }

  init(
    queueCountMax: Int, attemptCountMax: Int, logger: Logger, transport: @escaping Transport,
    delay: @escaping Delay = { seconds, work in
      DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + seconds, execute: work)
    }
  ) {
    self.transport = transport
    self.delay = delay
    self.queueCountMax = max(1, queueCountMax)
    self.attemptCountMax = max(1, attemptCountMax)
    self.logger = logger
  }

  /// The webhook of the settings; `nil` when they name none.
  ///
  /// - throws: ``WebhookError`` when the address is none of http or https.
  convenience init?(_ settings: WebhookSettings, logger: Logger) throws {
    guard !settings.url.isEmpty else { return nil }
    guard let url = URL(string: settings.url), ["http", "https"].contains(url.scheme), url.host != nil else {
      throw WebhookError()
    }
    self.init(
      queueCountMax: settings.queueCountMax, attemptCountMax: settings.attemptCountMax, logger: logger,
      transport: Self.post(to: url, timeoutSeconds: settings.timeoutSeconds))
  }

  /// How many messages had each fate.
  var counts: [Fate: Int] { state.withLock { $0.counts } }

  /// Takes a message over, or turns it away; returns at once.
  func send(_ message: Data) {
    let (isFirst, isTaken) = state.withLock { state in
      guard state.waiting.count < queueCountMax else { return (false, false) }
      state.waiting.append(message)
      return (state.waiting.count == 1, true)
    }
    if !isTaken { count(.turnedAway) }
    if isFirst { attempt(1) }
  }

  private func attempt(_ number: Int) {
    guard let message = state.withLock({ $0.waiting.first }) else { return }
    transport(message) { [self] isTaken in
      if isTaken { return finish(.delivered) }
      guard number < attemptCountMax else {
        logger.warning("the alert webhook took no message in \(number) attempts; it is given up")
        return finish(.failed)
      }
      delay(min(Self.firstPauseSeconds * pow(2, Double(number - 1)), Self.pauseSecondsMax)) { [self] in
        attempt(number + 1)
      }
    }
  }

  private func finish(_ fate: Fate) {
    count(fate)
    let isMore = state.withLock { state in
      state.waiting.removeFirst()
      return !state.waiting.isEmpty
    }
    if isMore { attempt(1) }
  }

  private func count(_ fate: Fate) {
    counters[fate]?.increment()
    state.withLock { $0.counts[fate, default: 0] += 1 }
  }

  private static func post(to url: URL, timeoutSeconds: Double) -> Transport {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = timeoutSeconds
    configuration.timeoutIntervalForResource = timeoutSeconds
    let session = URLSession(configuration: configuration)
    return { message, completion in
      var request = URLRequest(url: url)
      request.httpMethod = "POST"
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
      request.httpBody = message
      session.dataTask(with: request) { _, response, _ in
        completion((response as? HTTPURLResponse).map { (200..<300).contains($0.statusCode) } ?? false)
      }.resume()
    }
  }
}

/// The address of the webhook can't be used.
struct WebhookError: Error, CustomStringConvertible {
  let description =
    "alerts.webhook.url is no address of http or https: write one such as https://example.org/hook, or nothing"
}
