import ArgumentParser
import Events
import Foundation
import Simulation

/// The period that a simulation plays.
struct SimulatedPeriod: ParsableArguments {
  @Option(help: "How long the simulated time is: 90m, 6h, 1d, 2d12h.")
  var duration = "1d"

  @Option(
    help: ArgumentHelp(
      "When it begins, ISO 8601; by default now at a server with --simulated-clock-from, and so that it ends now at any "
        + "other.",
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

  /// The period at a server, in milliseconds since 1970 UTC.
  ///
  /// - throws: ``CommandError`` when the server would refuse events of the period.
  func range(_ clock: AdLoopClient.ServerClock) throws -> Range<Milliseconds> {
    let span = TimeSpan(text: duration)?.milliseconds ?? 0
    if clock.isSimulated {
      let begin = start.flatMap(Self.time) ?? clock.now
      guard begin >= clock.now - Self.toleratedMilliseconds else {
        throw CommandError(
          "the server's clock is past \(start ?? ""); leave out --start, or use a fresh data directory")
      }
      return begin..<begin + span
    }
    let lasting = speed > 0 ? Milliseconds(Double(span) / speed) : 0
    let begin = start.flatMap(Self.time) ?? clock.now + min(lasting, Self.leadMilliseconds) - span
    guard clock.now - begin <= Self.pastMillisecondsMax, begin + span <= clock.now + lasting + Self.leadMilliseconds
    else {
      throw CommandError(
        "a server with the real time takes events of its last day only; start it with --simulated-clock-from TIME to "
          + "play longer or other periods")
    }
    return begin..<begin + span
  }

  /// What a simulated clock may be ahead, as it goes on between two runs.
  private static let toleratedMilliseconds: Milliseconds = 3_600_000
  /// How far a period may end in the server's future, and begin in its past: what /log takes by default.
  private static let leadMilliseconds: Milliseconds = 240_000
  private static let pastMillisecondsMax: Milliseconds = 86_400_000

  /// A point in time with a zone, `nil` for other text.
  static func time(_ text: String) -> Milliseconds? {
    let date =
      (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
      ?? (try? Date.ISO8601FormatStyle().parse(text))
    return date.map { Milliseconds(($0.timeIntervalSince1970 * 1000).rounded()) }
  }
}
