import Events
import Foundation

/// Tells invalid traffic from the rest, by what the request and the token say. Rules on the distance of a click from its
/// impression are the join's, since only it knows both.
///
/// Safe from any thread; a few microseconds an event.
final class InvalidTrafficRules: Sendable {
  private let settings: InvalidTrafficSettings
  /// In lower case, none empty.
  private let bots, humans, tests: [String]
  private let rates: RateSketch

  init(_ settings: InvalidTrafficSettings) {
    self.settings = settings
    bots = Self.parts(settings.botUserAgents)
    humans = Self.parts(settings.humanUserAgents)
    tests = Self.parts(settings.testUserAgents)
    rates = RateSketch(counterCount: settings.rateCounterCount)
  }

  /// Why events of `sender` don't count whatever they are, `nil` when they may.
  func reason(_ sender: EventSender) -> InvalidReason? {
    if sender.isPrefetching { return .prefetch }
    if matches(sender.address, settings.testAddresses) { return .loadTest }
    guard !sender.userAgent.isEmpty else { return nil }
    let agent = sender.userAgent.lowercased()
    if Self.isAny(of: tests, in: agent) { return .loadTest }
    return Self.isAny(of: bots, in: agent) && !Self.isAny(of: humans, in: agent) ? .userAgent : nil
  }

  /// Why this event doesn't count, received at `now`, `nil` when it does. Counts it in the rates of its user and address.
  func reason(
    _ kind: EventKind, of served: ServedAd, from sender: EventSender, now: Milliseconds
  ) -> InvalidReason? {
    if matches(served.user, settings.testUsers) { return .loadTest }
    let (userMax, addressMax) =
      switch kind {
      case .impression: (settings.userImpressionsMax, settings.addressImpressionsMax)
      case .click: (settings.userClicksMax, settings.addressClicksMax)
      default: (0, 0)
      }
    let window = now / (1000 * Int64(max(1, settings.rateWindowSeconds)))
    let isUserBusy = isBeyond(userMax, "user", served.user, kind, window)
    let isAddressBusy = isBeyond(addressMax, "address", sender.address, kind, window)
    return isUserBusy ? .userRate : isAddressBusy ? .addressRate : nil
  }

  /// An unknown user or address has no rate: it may be many.
  private func isBeyond(_ max: Int, _ who: String, _ name: String, _ kind: EventKind, _ window: Int64) -> Bool {
    guard max > 0, !name.isEmpty else { return false }
    var hasher = Hasher()
    hasher.combine(who)
    hasher.combine(name)
    hasher.combine(kind)
    return rates.add(hasher.finalize(), window: window) > max
  }

  private func matches(_ text: String, _ patterns: [String]) -> Bool {
    patterns.contains { $0.hasSuffix("*") ? text.hasPrefix($0.dropLast()) : text == $0 }
  }

  private static func parts(_ texts: [String]) -> [String] {
    texts.filter { !$0.isEmpty }.map { $0.lowercased() }
  }

  private static func isAny(of parts: [String], in text: String) -> Bool {
    text.withCString { text in parts.contains { strstr(text, $0) != nil } }
  }
}
