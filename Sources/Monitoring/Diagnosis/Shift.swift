import Foundation

/// A part of the traffic whose signal moved by a common ratio against its forecast.
struct Shift {
  let place: CausePlace
  /// Observed over expected, other shifts accounted for.
  var ratio: Double
  /// How much better the counts fit with this shift than without: the log-likelihood ratio in nats.
  var deviance: Double
  /// The price of naming so special a place.
  let penalty: Double

  var score: Double { deviance - penalty }

  /// ln-likelihood ratio of a Poisson count for its own mean against another.
  static func deviance(observed: Double, expected: Double) -> Double {
    guard expected > 0 else { return 0 }
    guard observed > 0 else { return expected }
    return observed * log(observed / expected) - (observed - expected)
  }
}
