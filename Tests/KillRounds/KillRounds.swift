import Foundation
import Statistics

/// kill-rounds ADLOOP DIRECTORY ROUNDS SEED: see scripts/kill-rounds.
@main
enum KillRounds {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 5, let rounds = Int(arguments[3]), let seed = UInt64(arguments[4]) else {
      FileHandle.standardError.write(Data("usage: kill-rounds ADLOOP DIRECTORY ROUNDS SEED\n".utf8))
      exit(64)
    }
    let directory = URL(fileURLWithPath: arguments[2], isDirectory: true)
    var generator = SeededGenerator(seed: seed)
    var acknowledged = Set<String>()
    for round in 1...max(1, rounds) {
      let server = try ServerProcess(executable: arguments[1], directory: directory)
      let load = Load(base: server.base)
      let killMilliseconds = Int.random(in: 20...1500, using: &generator)
      let more = await load.run(clientCount: 8) {
        try? await Task.sleep(for: .milliseconds(killMilliseconds))
        server.kill()
      }
      acknowledged.formUnion(more)
      let audit = try Audit(directory: directory)
      let problems = try audit.problems(acknowledged: acknowledged, isRebuilt: round % 10 == 0 || round == rounds)
      let line =
        "round \(round), seed \(seed): killed after \(killMilliseconds) ms, \(more.count) events acknowledged, "
      print(line + "\(acknowledged.count) in all, \(try audit.eventCount()) stored: \(problems.isEmpty ? "sound" : "")")
      for problem in problems { print("  \(problem)") }
      guard problems.isEmpty else { exit(1) }
    }
  }
}
