import Foundation
import Metrics
import Monitoring

extension PrometheusRegistry {
  /// The exposition as text.
  func page(_ format: Exposition.Format = .text) -> String {
    String(decoding: exposition(format), as: UTF8.self)
  }

  /// The lines of the exposition that start with `prefix`.
  func lines(_ prefix: String, _ format: Exposition.Format = .text) -> [String] {
    page(format).split(separator: "\n").map(String.init).filter { $0.hasPrefix(prefix) }
  }
}

/// Runs a program with `input`; nil when it isn't installed.
func run(_ program: String, _ arguments: [String], input: String) throws -> (
  status: Int32, output: String
)? {
  guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  let (stdin, output) = (Pipe(), Pipe())
  process.standardInput = stdin
  process.standardOutput = output
  process.standardError = output
  try process.run()
  try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
  try stdin.fileHandleForWriting.close()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return (process.terminationStatus, text)
}
