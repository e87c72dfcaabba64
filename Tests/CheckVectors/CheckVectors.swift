import Foundation
import StatisticsVectors

/// Runs a file of reference vectors through the statistics: `check-vectors FILE`.
@main
struct CheckVectors {
  static func main() {
    guard CommandLine.arguments.count == 2 else { fail("usage: check-vectors FILE", code: 64) }
    let path = CommandLine.arguments[1]
    do {
      let entries = try VectorFile(contentsOf: URL(fileURLWithPath: path)).entries
      let failed = entries.count { !report($0) }
      print("\(entries.count - failed) passed, \(failed) failed")
      exit(failed == 0 ? 0 : 1)
    } catch {
      fail("can't read \(path) as a file of vectors: \(error)", code: 1)
    }
  }

  private static func report(_ entry: VectorFile.Entry) -> Bool {
    let differences = entry.differences()
    for difference in differences { print("\(entry.id): \(difference)") }
    return differences.isEmpty
  }

  private static func fail(_ message: String, code: Int32) -> Never {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    exit(code)
  }
}
