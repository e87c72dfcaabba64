import AdServer
import ArgumentParser
import Learning

/// Which time a command is about.
struct WindowOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How far back from now the window reaches.", valueName: "15m, 3h or 1d"))
  var last: String?

  @Option(help: ArgumentHelp("First hour or minute of the window, UTC.", valueName: "YYYY-MM-DDTHH[:MM]"))
  var from: String?

  @Option(help: ArgumentHelp("First hour or minute after the window, UTC.", valueName: "YYYY-MM-DDTHH[:MM]"))
  var to: String?

  /// Whether nothing was said.
  var isStandard: Bool { last == nil && from == nil && to == nil }

  func validate() throws { _ = try window(standard: "1h") }

  /// The time that was named, or the last `standard`.
  func window(standard: String) throws -> DiagnosisWindow {
    do {
      return try DiagnosisWindow(last: last, from: from, to: to, standard: standard, now: WallClock.now())
    } catch {
      throw ValidationError("\(error)")
    }
  }
}
