import Foundation
import Simulation

/// Websites that ask for ads and report what happens to them, until the server is gone.
struct Load: Sendable {
  private let client: AdLoopClient

  init(base: URL) {
    client = AdLoopClient(base: base, connectionCountMax: 16, timeoutSeconds: 5)
  }

  /// Runs `clientCount` websites while `end` runs; returns the names of all events that were acknowledged.
  func run(clientCount: Int, until end: @escaping @Sendable () async -> Void) async -> Set<String> {
    await withTaskGroup(of: Set<String>.self) { group in
      for number in 0..<clientCount { group.addTask { await visit(number) } }
      await end()
      return await group.reduce(into: []) { $0.formUnion($1) }
    }
  }

  private func visit(_ number: Int) async -> Set<String> {
    var acknowledged = Set<String>()
    var view = 0
    do {
      while true {
        view += 1
        let decision = try await client.rank(user: "u\(number)-\(view % 50)", context: ["device": "mobile"])
        for ad in decision.ads {
          let kinds = ["impression"] + (view % 3 == 0 ? ["click"] : []) + (view % 9 == 0 ? ["conversion"] : [])
          // Every fifth report is sent twice, as a retry would.
          let repeats = view % 5 == 0 ? 2 : 1
          let reports = kinds.flatMap { kind in
            repeatElement(
              AdLoopClient.Report(kind, token: ad.token, id: kind == "conversion" ? "c" : nil), count: repeats)
          }
          _ = try await client.log(reports)
          acknowledged.formUnion(kinds.map { "\($0) \(decision.decision) \(ad.slot)" })
        }
      }
    } catch { return acknowledged }
  }
}
