import Events
import Foundation
import Learning
import Locking

@testable import AdServer

/// One data directory with two intakes, each with a log of its own, as two servers have; and one join.
final class TwoReplicas: Sendable {
  let sealer: TokenSealer
  let store: Store
  let joiner: Joiner
  private let directory: URL
  private let logs: [EventLog]
  private let intakes: [EventIntake]
  private let clock: Locked<Milliseconds>

  init(_ invalidTraffic: InvalidTrafficSettings = .init()) throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "adloop-intake-\(UUID().uuidString)")
    let sealer = TokenSealer(keys: try KeyRing(directory: directory.appending(path: "keys")))
    let clock = Locked(EventScript.now)
    var configuration = EventLogConfiguration()
    // So little is remembered that most copies are the join's to find.
    configuration.rememberedEventCount = 20
    let logs = try (0..<2).map { _ in try EventLog(directory: directory, configuration: configuration) }
    var settings = IntakeSettings()
    settings.clockSkewSecondsMax = 1000
    intakes = logs.map { [settings] log in
      EventIntake(
        log: log, sealer: sealer, settings: settings, rules: InvalidTrafficRules(invalidTraffic),
        metrics: IntakeMetrics(), clock: { clock.withLock { $0 } }, onStored: { _ in })
    }
    var join = JoinConfiguration()
    (join.clickWindowSeconds, join.conversionWindowSeconds, join.settleSeconds) = (100, 500, 20)
    store = try Store(directory: directory)
    joiner = Joiner(log: logs[0], store: store, configuration: join, clock: { clock.withLock { $0 } })
    (self.directory, self.sealer, self.logs, self.clock) = (directory, sealer, logs, clock)
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  /// Sends one call of /log, as an array or an event a line, and waits for the answer.
  func send(_ call: [EventScript.Report], to replica: Int) async throws -> EventIntake.Receipt {
    let lines = call.map(\.json)
    let isArray = lines.count % 2 == 0
    let body = isArray ? "[\(lines.joined(separator: ","))]" : lines.joined(separator: "\n")
    return try await withCheckedThrowingContinuation { continuation in
      do {
        try intakes[replica].take(
          Array(body.utf8), mediaType: isArray ? "application/json" : "text/plain", from: call[0].sender
        ) { continuation.resume(with: $0) }
      } catch { continuation.resume(throwing: error) }
    }
  }

  /// Joins everything after all windows have run out.
  func joinAfterWindows() throws {
    clock.withLock { $0 += 3_600_000 }
    try joiner.catchUp()
  }
}
