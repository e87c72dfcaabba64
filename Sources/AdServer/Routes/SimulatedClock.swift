import Events
import HTTPServer
import HTTPTypes
import Learning

extension Middleware {
  /// Puts the server's clock forward to the time that a request tells in `AdLoop-Time`, in milliseconds since 1970 UTC.
  ///
  /// For simulations, in which days pass in minutes: never where the requests aren't one's own.
  static let simulatedClock = Middleware(admit: { request, _ in
    guard let time = request.field(.adLoopTime).flatMap(Milliseconds.init), time < latestTime else { return }
    WallClock.advance(to: time)
  })

  /// The year 2100: later times are no simulation but a mistake.
  private static let latestTime: Milliseconds = 4_102_444_800_000
}

extension HTTPField.Name {
  /// The time of a simulated world.
  static let adLoopTime = HTTPField.Name("AdLoop-Time")!
}
