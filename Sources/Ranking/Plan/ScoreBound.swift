import Events
import Foundation

/// An upper bound of a score that is a sum, so that it can be taken apart into what belongs to the ad and what belongs to
/// the request.
///
/// For the objective ctr a score is above a threshold when the logit is above the threshold's. For revenue, ln CTR as a
/// function of the logit z lies below a straight line, ln g(z) ≤ slope · z + offset, so a score above θ needs
/// z + ln(bid) / slope ≥ (ln θ − offset) / slope.
struct ScoreBound: Sendable {
  /// Below it, rounding of subnormal numbers could break the bound, so nothing is ruled out.
  private static let smallestThreshold = 1e-280
  /// Relative rounding of the bound's own arithmetic, with room to spare.
  private static let relativeSlack = 1e-9
  /// Relative rounding of a probability, with room to spare.
  private static let probabilitySlack = 1e-15

  private let objective: Objective
  private let calibration: Calibration
  private let slope: Double
  private let offset: Double

  /// - parameter tangentLogit: where the line touches: the logit of typical winners. Any is correct.
  init(objective: Objective, calibration: Calibration, tangentLogit: Double) {
    self.objective = objective
    self.calibration = calibration
    (slope, offset) = calibration.tangent(at: tangentLogit)
  }

  /// What an ad has by itself; −∞ when its score is 0 whatever the request.
  ///
  /// - parameter logit: the part of the ad's logit that doesn't depend on the request.
  func staticScore(logit: Double, bid: Double) -> Double {
    guard objective == .revenue else { return logit }
    return bid > 0 ? logit + log(bid) / slope : -.infinity
  }

  /// What static score and request must add up to for a score of at least `threshold`; −∞ when anything may do.
  ///
  /// - parameter bidMax: no ad bids more.
  func requiredSum(_ threshold: Double, bidMax: Double) -> Double {
    let ctrMin = objective == .revenue ? threshold / bidMax : threshold
    guard threshold > Self.smallestThreshold, ctrMin > Self.smallestThreshold else { return -.infinity }
    let sum =
      objective == .revenue
      ? (log(threshold) - Self.relativeSlack - offset) / slope
      : calibration.logit(reaching: threshold * (1 - Self.probabilitySlack))
    return sum - Self.relativeSlack * (1 + abs(sum))
  }
}

extension Calibration {
  /// A line with ln probability(z) ≤ slope · z + offset for every z, close to the curve near `logit`.
  func tangent(at logit: Double) -> (slope: Double, offset: Double) {
    switch self {
    case .identity: return Self.sigmoidTangent(at: logit)
    case .platt(let slope, let intercept):
      let inner = Self.sigmoidTangent(at: slope * logit + intercept)
      return (inner.slope * slope, inner.slope * intercept + inner.offset)
    case .isotonic(let points):
      let slope = Self.sigmoidTangent(at: logit).slope
      return (slope, isotonicOffset(points, slope: slope))
    }
  }

  /// The smallest logit whose probability may be `probability` or more.
  func logit(reaching probability: Double) -> Double {
    switch self {
    case .identity: return Self.logit(probability)
    case .platt(let slope, let intercept): return (Self.logit(probability) - intercept) / slope
    case .isotonic(let points):
      let index = points.firstIndex { $0.y >= probability } ?? points.count
      let left = index == 0 ? Point(x: 0, y: 0) : points[index - 1]
      let right = index == points.count ? Point(x: 1, y: 1) : points[index]
      let part = max(probability * (1 - 1e-9) - left.y, 0) / (right.y - left.y)
      // Near 1 an interpolated probability says little about its logit.
      return Self.logit(min(left.x + (right.x - left.x) * part, 1 - 1e-6))
    }
  }

  /// ln σ is concave, so it lies below its tangents. Slopes near 0 would blow up ln(bid) / slope.
  private static func sigmoidTangent(at logit: Double) -> (slope: Double, offset: Double) {
    let point = min(max(logit, -30), 3)
    return (1 - sigmoid(point), log(sigmoid(point)) - (1 - sigmoid(point)) * point)
  }

  /// The largest ln g(z) − slope · z: to the left of the first point g is σ stretched, between steps of z it is bounded by
  /// its value at the right and the line's at the left.
  private func isotonicOffset(_ points: [Point], slope: Double) -> Double {
    // The tangent of this slope touches where 1 − σ(z) is the slope.
    let sigmoidOffset = Self.sigmoidTangent(at: Self.logit(1 - slope)).offset
    guard let first = points.first else { return sigmoidOffset }
    let step = 1.0 / 32
    let start = Self.logit(first.x)
    let end = max(start, 40) + step
    var offset = -Double.infinity
    if first.y > 0 { offset = log(first.y / first.x) + sigmoidOffset }
    for z in stride(from: start - step, through: end, by: step) {
      offset = max(offset, log(probability(logit: z + step)) - slope * z)
    }
    return offset
  }

  private static func logit(_ probability: Double) -> Double { log(probability / (1 - probability)) }
}
