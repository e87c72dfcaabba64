import Events
import Foundation
import Statistics

@testable import AdServer

/// Events of many decisions, and what must come of them.
struct EventScript {
  /// One event as it is sent, and by whom.
  struct Report {
    var json: String
    var sender = EventSender(userAgent: "Mozilla/5.0 (X11; Linux x86_64)", address: "192.0.2.1")
  }

  /// The time at which everything is received.
  static let now: Milliseconds = 1_790_000_000_000
  private static let bots = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "AhrefsBot/7.0", "EvilCrawler 1",
    "Mozilla/5.0 HeadlessChrome/120",
  ]

  private(set) var reports: [Report] = []
  private(set) var answer = Answer()
  private(set) var rejectedCount = 0

  init(decisionCount: Int, sealer: TokenSealer, using generator: inout SeededGenerator) {
    for number in 0..<decisionCount { play(number, sealer, using: &generator) }
  }

  /// The reports in random order, in calls of random length, each of one sender.
  func calls(using generator: inout SeededGenerator) -> [[Report]] {
    var calls: [[Report]] = []
    for report in reports.shuffled(using: &generator) {
      let isFull = (calls.last?.count ?? 0) > Int.random(in: 0..<12, using: &generator)
      if isFull || calls.last?.first?.sender != report.sender { calls.append([]) }
      calls[calls.count - 1].append(report)
    }
    return calls
  }

  private mutating func play(_ number: Int, _ sealer: TokenSealer, using generator: inout SeededGenerator) {
    let age: Milliseconds = number % 17 == 10 ? 40 * 86_400_000 : 0
    let price = (Double.random(in: 0.01...2, using: &generator) * 1e6).rounded() / 1e6
    let served = ServedAd(
      decision: DecisionID(time: Self.now - age, using: &generator), slot: Int.random(in: 1...3, using: &generator),
      time: Self.now - age, user: "u\(number % 9)", context: ["device": "mobile"], ad: "ad-\(number)",
      attributes: [:], model: "m1", ctr: 0.03, bid: 2, price: price, traffic: number % 17 == 12 ? .dryRun : .live)
    let part = Part(
      token: sealer.seal(served), ad: served.ad, price: price,
      shown: Milliseconds.random(in: -50_000...100_000, using: &generator),
      delay: Milliseconds.random(in: 50...100_000, using: &generator),
      bot: EventSender(userAgent: Self.bots.randomElement(using: &generator)!, address: "192.0.2.9"))
    play(part, as: number % 17)
  }

  /// One decision, with what its part needs.
  private struct Part {
    let token: String
    let ad: String
    let price: Double
    /// When the ad was shown, in milliseconds from now.
    let shown: Milliseconds
    /// From impression to click, within the window.
    let delay: Milliseconds
    let bot: EventSender
  }

  private mutating func play(_ part: Part, as role: Int) {
    switch role {
    case 0: show(part)
    case 1: click(part, after: part.delay)
    case 2: clickWithoutTimes(part)
    case 3: copies(part)
    case 4:
      show(part)
      send("click", part, at: part.shown + 100_001 + part.delay, "clicks late window")
    case 5:
      send("click", part, at: part.shown, "clicks orphan -")
      send("conversion", part, at: part.shown, id: "x", "conversions orphan -")
    case 6: forge(part)
    case 7:
      send("impression", part, by: part.bot, "impressions bot user_agent")
      send("click", part, by: part.bot, "clicks bot user_agent")
    case 8:
      send("click", part, by: part.bot, "clicks bot user_agent")
      click(part, after: part.delay)
    case 9:
      show(part)
      send("click", part, at: part.shown + part.delay % 50, "clicks invalid timing")
    case 10:
      send("impression", part, "impressions expired expired")
      send("click", part, "clicks expired expired")
    case 11: convert(part)
    case 12: for event in ["impression", "click"] { reject(event, part.token) }
    case 13:
      show(part)
      send("click", part, at: part.shown - part.delay, "clicks invalid timing")
    case 14:
      show(part)
      for time in ["1999-12-31T23:59:59Z", "2099-01-01T00:00:00Z", "soon", "2026-02-30T00:00:00Z"] {
        reject("click", part.token, time)
      }
    case 15:
      let sender = EventSender(userAgent: "Mozilla/5.0", address: "192.0.2.2", isPrefetching: true)
      show(part)
      send("click", part, by: sender, "clicks invalid prefetch")
    default:
      show(part)
      send("click", part, at: -2 * 86_400_000, "clicks invalid timing")
    }
  }

  private mutating func show(_ part: Part) {
    send("impression", part, at: part.shown, "impressions stored -")
    answer.labels[part.ad] = false
  }

  private mutating func click(_ part: Part, after delay: Milliseconds) {
    show(part)
    send("click", part, at: part.shown + delay, "clicks joined -")
    bill(part)
  }

  private mutating func clickWithoutTimes(_ part: Part) {
    send("impression", part, "impressions stored -")
    send("click", part, "clicks joined -")
    bill(part)
  }

  private mutating func bill(_ part: Part) {
    answer.labels[part.ad] = true
    answer.billed[part.ad] = part.price
    answer.countedSpendMicros += Int((part.price * 1e6).rounded())
  }

  private mutating func copies(_ part: Part) {
    click(part, after: part.delay)
    let first = reports.suffix(2)
    for _ in 0..<3 { reports += first }
    answer.copies += 6
  }

  private mutating func convert(_ part: Part) {
    click(part, after: part.delay)
    for (id, delay, fate) in [
      ("a", 1000, "joined -"), ("b", 499_000, "joined -"), ("c", 500_001, "late window"), ("d", -1, "invalid timing"),
    ] as [(String, Milliseconds, String)] {
      send("conversion", part, at: part.shown + delay, id: id, "conversions \(fate)")
    }
    reports.append(reports[reports.count - 4])
    answer.copies += 1
  }

  /// A token of another system, one with a character changed, and one cut short; the true one is shown.
  private mutating func forge(_ part: Part) {
    show(part)
    var changed = Array(part.token)
    changed[60] = changed[60] == "A" ? "B" : "A"
    for token in [String(changed), String(part.token.dropLast(4)), "token"] { reject("click", token) }
  }

  private mutating func send(
    _ event: String, _ part: Part, at offset: Milliseconds? = nil, id: String? = nil, by sender: EventSender? = nil,
    _ fate: String
  ) {
    var json = #"{"event":"\#(event)","token":"\#(part.token)""#
    if let offset { json += #","time":"\#(Self.text(Self.now + offset))""# }
    if let id { json += #","id":"\#(id)","value":9.5"# }
    reports.append(Report(json: json + "}"))
    if let sender { reports[reports.count - 1].sender = sender }
    answer.fates[fate, default: 0] += 1
  }

  private mutating func reject(_ event: String, _ token: String, _ time: String? = nil) {
    let timeMember = time.map { #","time":"\#($0)""# } ?? ""
    reports.append(Report(json: #"{"event":"\#(event)","token":"\#(token)"\#(timeMember)}"#))
    rejectedCount += 1
  }

  private static func text(_ time: Milliseconds) -> String {
    let (seconds, milliseconds) = time.quotientAndRemainder(dividingBy: 1000)
    let text = Date(timeIntervalSince1970: Double(seconds)).formatted(Date.ISO8601FormatStyle())
    return text.dropLast() + "." + "\(1000 + milliseconds)".dropFirst() + "Z"
  }
}
