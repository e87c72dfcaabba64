import Events
import HTTPServer
import HTTPTypes
import Statistics
import Testing

@testable import AdServer

@Suite("Invalid traffic")
struct InvalidTrafficTests {
  private func served(_ user: String) -> ServedAd {
    ServedAd(
      decision: DecisionID(time: 0, random: 1), slot: 1, time: 0, user: user, context: [:], ad: "a", attributes: [:],
      model: "m", ctr: 0.1, bid: 1, price: 1)
  }

  @Test(
    "robots and probes are known by their user agents; browsers and HTTP libraries count",
    arguments: [
      ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", InvalidReason.userAgent),
      ("SomeSpider/1.0", .userAgent), ("Mozilla/5.0 HeadlessChrome/120.0", .userAgent), ("kube-probe/1.29", .loadTest),
      ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", nil), ("curl/8.5.0", nil),
      ("python-requests/2.31", nil), ("Mozilla/5.0 (Linux; Android 9; CUBOT X19) Chrome/99", nil), ("", nil),
    ] as [(String, InvalidReason?)])
  func userAgents(_ agent: String, _ reason: InvalidReason?) {
    let rules = InvalidTrafficRules(InvalidTrafficSettings())
    #expect(rules.reason(EventSender(userAgent: agent, address: "192.0.2.1")) == reason)
  }

  @Test("named users and addresses are load tests, whole or by their beginning")
  func loadTests() {
    var settings = InvalidTrafficSettings()
    settings.testUsers = ["load-*", "tester"]
    settings.testAddresses = ["10.0.7.*"]
    let rules = InvalidTrafficRules(settings)
    for (user, isTest) in [("load-7", true), ("tester", true), ("tester2", false), ("", false)] {
      #expect((rules.reason(.click, of: served(user), from: EventSender(), now: 0) == .loadTest) == isTest, "\(user)")
    }
    #expect(rules.reason(EventSender(address: "10.0.7.9")) == .loadTest)
    #expect(rules.reason(EventSender(address: "10.0.70.9")) == nil)
  }

  @Test("what goes beyond a rate is invalid until the window ends; the unknown user has no rate; 0 is off")
  func rates() {
    var settings = InvalidTrafficSettings()
    (settings.userClicksMax, settings.addressClicksMax) = (3, 5)
    let rules = InvalidTrafficRules(settings)
    func reasons(_ user: String, _ address: String, at now: Milliseconds, _ count: Int) -> [InvalidReason?] {
      (0..<count).map { _ in
        rules.reason(.click, of: served(user), from: EventSender(address: address), now: now)
      }
    }
    #expect(reasons("a", "x", at: 0, 4) == [nil, nil, nil, .userRate])
    #expect(reasons("b", "x", at: 59_999, 2) == [nil, .addressRate])
    #expect(reasons("", "", at: 59_999, 50).allSatisfy { $0 == nil })
    #expect(rules.reason(.impression, of: served("a"), from: EventSender(address: "x"), now: 0) == nil)
    #expect(reasons("a", "x", at: 60_000, 1) == [nil])
  }

  @Test("the sketch never counts too few, and hardly ever too many")
  func sketch() {
    var generator = SeededGenerator(seed: 3)
    let sketch = RateSketch(counterCount: 1024)
    var truth: [Int: Int] = [:]
    var excess = 0
    for _ in 0..<5000 {
      let key = Int.random(in: 0..<1500, using: &generator)
      truth[key, default: 0] += 1
      var hash = UInt64(key) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
      let count = sketch.add(Int(bitPattern: UInt(hash &* 0xBF58_476D_1CE4_E5B9)), window: 1)
      #expect(count >= truth[key]!)
      // The bound of a plain sketch; the conservative update stays well below.
      if Double(count - truth[key]!) > 2.72 * 5000 / 1024 { excess += 1 }
    }
    #expect(excess < 92)
    #expect(sketch.add(7, window: 2) == 1)
  }

  @Test("a log that can't take events says when to come back; a batch that never fits is too large")
  func refusals() throws {
    let full = ErrorResponse.of(EventLogError.full)
    #expect(full.status == .serviceUnavailable && full.fields[.retryAfter] == "10")
    #expect(ErrorResponse.of(EventLogError.busy(retryAfterSeconds: 1)).fields[.retryAfter] == "1")
    #expect(ErrorResponse.of(EventLogError.tooLarge(byteCount: 2, byteCountMax: 1)).status == .contentTooLarge)
  }
}
