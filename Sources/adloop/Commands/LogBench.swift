import AdServer
import ArgumentParser
import Events
import Foundation

/// `adloop bench log`: how fast the log acknowledges events.
struct LogBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Durable events a second and latency, by the number of clients and the size of their batches.",
    discussion: """
      Every client appends a batch, waits until it is on the disk (synchronous=FULL, as /log does), and appends the next. \
      The log is a new one in the data directory, so that its disk is measured; it is removed afterwards.
      """)

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "Clients at the same time; several numbers with commas.")
  var clients = "1,8,64"

  @Option(help: "Events of one append; several numbers with commas.")
  var batch = "1,20"

  @Option(help: "Seconds for each pair of both.")
  var seconds = 3.0

  func validate() throws {
    guard let clients = Self.numbers(clients), let batches = Self.numbers(batch),
      clients.allSatisfy({ (1...1024).contains($0) }), batches.allSatisfy({ (1...10_000).contains($0) })
    else {
      throw ValidationError("--clients takes numbers from 1 to 1024, --batch from 1 to 10000, separated by commas")
    }
    guard seconds > 0, seconds <= 3600 else { throw ValidationError("--seconds must be positive, at most 3600") }
  }

  func run() throws {
    let folder = try system.directory().url.appending(path: "bench-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var results: [LogBenchmark] = []
    var table = TextTable(["clients", "batch", "events/s", "p50 ms", "p99 ms"])
    let pairs = (Self.numbers(clients) ?? []).flatMap { count in (Self.numbers(batch) ?? []).map { (count, $0) } }
    var bar = ProgressBar("bench")
    for (clientCount, batchCount) in pairs {
      let result = try LogBenchmark(
        directory: folder.appending(path: "\(results.count)"), clientCount: clientCount, batchCount: batchCount,
        seconds: seconds)
      results.append(result)
      bar.update(results.count, of: pairs.count)
      table.add([
        String(clientCount), String(batchCount), result.eventsPerSecond.formatted(decimals: 0),
        result.p50Milliseconds.formatted(decimals: 2), result.p99Milliseconds.formatted(decimals: 2),
      ])
    }
    bar.finish()
    let bytes = results.first?.payloadByteCount ?? 0
    try output.show(results, text: "events of \(bytes) bytes, each acknowledged after fsync\n\(table.text)")
    output.hint("compare with Redis streams: scripts/bench log")
  }

  private static func numbers(_ text: String) -> [Int]? {
    let numbers = text.split(separator: ",").map { Int($0.trimmingCharacters(in: .whitespaces)) }
    return numbers.isEmpty || numbers.contains(nil) ? nil : numbers.compactMap(\.self)
  }
}
