import Dispatch
import Foundation
import Locking
import Testing

@testable import Events
@testable import Learning

/// Goal: a process killed at any instant under load loses no acknowledged event and counts none twice. Method: an exit
/// test is a process of its own; it appends on several threads, joins, notes down what was acknowledged, and kills itself
/// with SIGKILL at a seeded count. Then the same files are opened here.
@Suite struct KillTests {
  @Test(
    "kill -9 under load: every acknowledged event is in the views once, and a rebuild gives the same",
    arguments: 0..<5)
  func killed(round: Int) async throws {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "adloop-kill-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let path = directory.path
    let killCount = 40 + round * 37
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, killCount = killCount as Int] in
      try KillTests.runUntilKilled(directory: URL(fileURLWithPath: path), killCount: killCount)
    }
    let acknowledged = try String(
      contentsOf: directory.appending(path: "acknowledged"), encoding: .utf8
    )
    .split(separator: "\n").map(String.init)
    #expect(acknowledged.count >= killCount)
    let (log, store) = (try EventLog(directory: directory), try Store(directory: directory))
    let joiner = Joiner(log: log, store: store, configuration: .test, clock: { 0 })
    try joiner.catchUp()
    let ads = try store.strings("SELECT ad FROM impressions")
    #expect(Set(ads).count == ads.count)
    #expect(Set(ads).isSuperset(of: acknowledged))
    #expect(try store.count("clicks WHERE fate = 'joined'") == ads.count)
    let before = try store.snapshot()
    try joiner.rebuild()
    #expect(try store.snapshot() == before)
  }

  /// Appends impressions with their clicks until `killCount` are acknowledged, and dies among those under way.
  private static func runUntilKilled(directory: URL, killCount: Int) throws {
    let (log, store) = (try EventLog(directory: directory), try Store(directory: directory))
    let joiner = Joiner(log: log, store: store, configuration: .test, clock: { 0 })
    let file = open(
      directory.appending(path: "acknowledged").path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    let count = Locked(0)
    let threads = (0..<4).map { thread in
      Thread {
        for number in (thread * 100_000)... {
          let events = [Event.of(.impression, number, at: 0), .of(.click, number, at: 1)]
          guard (try? log.append(events)) != nil else { continue }
          let line = Array("ad-\(number)\n".utf8)
          write(file, line, line.count)
          let isLast = count.withLock { count in
            count += 1
            return count >= killCount
          }
          if isLast { kill(getpid(), SIGKILL) }
        }
      }
    }
    for thread in threads { thread.start() }
    while true { try joiner.step(limit: 16) }
  }
}
