import Foundation

/// The ticks of an axis of relative changes around 0.
enum Axis {
  /// Round numbers, about three on each side of 0.
  static func ticks(reach: Double) -> [Double] {
    let rough = reach / 3
    let power = pow(10, log10(rough).rounded(.down))
    let step = [1.0, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? power
    let count = Int(reach / step)
    return (-count...count).map { Double($0) * step }
  }

  static func text(_ tick: Double) -> String {
    tick == 0 ? "0" : String(format: "%+.4g %%", tick * 100)
  }
}
