import AdServer
import ArgumentParser
import Learning

/// The hours that a report is about.
struct WindowOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How many full hours back from now the window reaches; 1h.", valueName: "3h or 1d"))
  var last: String?

  @Option(help: ArgumentHelp("First hour of the window, UTC.", valueName: "YYYY-MM-DDTHH"))
  var from: String?

  @Option(help: ArgumentHelp("First hour after the window, UTC.", valueName: "YYYY-MM-DDTHH"))
  var to: String?

  func validate() throws { _ = try window() }

  var isDefault: Bool { last == nil && from == nil && to == nil }

  func window() throws -> DiagnosisWindow {
    do { return try DiagnosisWindow(last: last, from: from, to: to, now: WallClock.now()) } catch {
      throw ValidationError("\(error)")
    }
  }
}
