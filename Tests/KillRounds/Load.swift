import Dispatch
import Events
import Foundation
import Locking
import Simulation

/// Websites that ask for ads and report what happens to them, until the server is gone.
struct Load: Sendable {
  private let base: URL

  private static let timeoutSeconds = 5.0

  init(base: URL) {
    self.base = base
  }

  /// Runs `clientCount` websites while `end` runs; returns the names of all events that were acknowledged.
  func run(clientCount: Int, until end: @escaping @Sendable () async -> Void) async -> Set<String> {
    let acknowledged = Locked<Set<String>>([])
    let websites = DispatchGroup()
    for number in 0..<clientCount {
      let thread = Thread {
        let names = visit(number)
        acknowledged.withLock { $0.formUnion(names) }
        websites.leave()
      }
      websites.enter()
      thread.start()
    }
    await end()
    await withCheckedContinuation { continuation in websites.notify(queue: .global()) { continuation.resume() } }
    return acknowledged.withLock { $0 }
  }

  private func visit(_ number: Int) -> Set<String> {
    var acknowledged = Set<String>()
    var view = 0
    do {
      let client = try AdLoopClient(url: base.absoluteString, timeoutSeconds: Self.timeoutSeconds)
      while true {
        view += 1
        let page = PageView(user: "u\(number)-\(view % 50)", context: ["device": "mobile"])
        guard let decision = try client.rank([page]).first ?? nil else { continue }
        for ad in decision.ads {
          let kinds: [EventKind] =
            [.impression] + (view % 3 == 0 ? [.click] : []) + (view % 9 == 0 ? [.conversion] : [])
          // Every fifth report is sent twice, as a retry would.
          let messages = kinds.flatMap { kind in
            repeatElement(
              EventMessage(kind, token: ad.token, id: kind == .conversion ? "c" : nil), count: view % 5 == 0 ? 2 : 1)
          }
          _ = try client.log(messages, time: nil)
          acknowledged.formUnion(kinds.map { "\($0.label) \(decision.decision) \(ad.slot)" })
        }
      }
    } catch { return acknowledged }
  }
}
