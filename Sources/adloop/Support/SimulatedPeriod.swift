import ArgumentParser
import Events
import Foundation
import Learning
import Simulation

/// The period that a simulation plays.
struct SimulatedPeriod: ParsableArguments {
  @Option(help: "How long the simulated time is: 90m, 6h, 1d, 2d12h.")
  var duration = "1d"

  @Option(
    help: ArgumentHelp(
      "When it begins, ISO 8601; by default so that it ends now. A server that is to live in that time needs "
        + "--simulated-clock-from.",
      valueName: "time"))
  var start: String?

  @Option(help: "Simulated seconds a second; 0 is as fast as the server answers. 300 plays a day in 5 minutes.")
  var speed = 300.0

  func validate() throws {
    guard TimeSpan(text: duration).map({ $0.milliseconds > 0 }) == true else {
      throw ValidationError("--duration \(duration) is no span of time such as 6h or 1d12h")
    }
    if let start, Self.time(start) == nil {
      throw ValidationError("--start \(start) is no time such as 2026-01-05T00:00:00Z")
    }
    guard speed >= 0, speed.isFinite else { throw ValidationError("--speed must be 0 or more") }
  }

  /// The period in milliseconds since 1970 UTC.
  var range: Range<Milliseconds> {
    let span = TimeSpan(text: duration)?.milliseconds ?? 0
    let begin = start.flatMap(Self.time) ?? WallClock.now() - span
    return begin..<begin + span
  }

  /// A point in time with a zone, `nil` for other text.
  static func time(_ text: String) -> Milliseconds? {
    let date =
      (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
      ?? (try? Date.ISO8601FormatStyle().parse(text))
    return date.map { Milliseconds(($0.timeIntervalSince1970 * 1000).rounded()) }
  }
}
