import AdServer
import ArgumentParser
import Monitoring

/// Which hours a command is about.
struct WindowOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How many full hours back from now the window reaches.", valueName: "3h or 1d"))
  var last: String?

  @Option(help: ArgumentHelp("First hour of the window, UTC.", valueName: "YYYY-MM-DDTHH"))
  var from: String?

  @Option(help: ArgumentHelp("First hour after the window, UTC.", valueName: "YYYY-MM-DDTHH"))
  var to: String?

  /// Whether nothing was said.
  var isStandard: Bool { last == nil && from == nil && to == nil }

  func validate() throws {
    if (from == nil) != (to == nil) { throw ValidationError("--from and --to go together") }
    if from != nil, last != nil { throw ValidationError("give either --last or --from and --to") }
    _ = try window(now: 0, standard: "1h")
  }

  /// The hours that were named, or the last `standard`.
  func window(now: Int64, standard: String) throws -> DiagnosisWindow {
    if let from, let to {
      guard let start = UTCHour(from), let end = UTCHour(to) else {
        throw ValidationError("--from and --to take hours such as 2026-03-02T14, UTC")
      }
      guard let window = DiagnosisWindow(from: start, to: end) else {
        throw ValidationError("the window must last 1 to \(DiagnosisWindow.hourCountMax) hours, --from before --to")
      }
      return window
    }
    guard let hours = Self.hours(last ?? standard), let window = DiagnosisWindow(lastHours: hours, now: now) else {
      throw ValidationError(
        "--last takes 1 to \(DiagnosisWindow.hourCountMax) whole hours, such as 3h, or days, such as 1d")
    }
    return window
  }

  /// Whole hours from text such as `3h` or `7d`; `nil` for anything else.
  static func hours(_ text: String) -> Int? {
    let units: [Character: Int] = ["h": 1, "d": 24]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), (0...1000).contains(count)
    else { return nil }
    return count * unit
  }
}
