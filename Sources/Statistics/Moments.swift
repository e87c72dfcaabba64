/// Count, mean and variance of numbers that come one by one or in parts.
///
/// Welford's update and Chan's merge, on the differences from the first value: a mean of 1e9 with a spread of 1e-3 keeps
/// its digits, and a constant has variance 0 exactly. A NaN or infinite value makes every result `nil`.
public struct Moments: Sendable, Equatable {
  public private(set) var count = 0
  private var origin = 0.0
  /// Mean of the differences from the origin.
  private var offset = 0.0
  private var squares = 0.0

  /// Arrays up to this long are summed one by one, longer ones by halves.
  static let blockCount = 256

  public init() {}

  /// The moments of `values`, summed pairwise, so that long arrays lose no digits.
  public init(_ values: some RandomAccessCollection<Double>) {
    if values.count <= Self.blockCount {
      for value in values { add(value) }
    } else {
      merge(Self(values.prefix(values.count / 2)))
      merge(Self(values.dropFirst(values.count / 2)))
    }
  }

  public mutating func add(_ value: Double) {
    if count == 0 { origin = value }
    count += 1
    let difference = (value - origin) - offset
    offset += difference / Double(count)
    squares += difference * ((value - origin) - offset)
  }

  /// Adds the values of `other`.
  public mutating func merge(_ other: Self) {
    guard other.count > 0, count > 0 else {
      if count == 0 { self = other }
      return
    }
    let total = Double(count) + Double(other.count)
    let difference = other.difference(from: self)
    squares += other.squares + difference * difference * (Double(count) / total * Double(other.count))
    offset += difference * (Double(other.count) / total)
    count += other.count
  }

  /// `nil` without values.
  public var mean: Double? { count > 0 ? (origin + offset).ifFinite : nil }

  /// The sample variance, divided by n − 1. `nil` for fewer than two values.
  public var variance: Double? { count > 1 ? (squares / Double(count - 1)).ifFinite : nil }

  /// This mean minus that of `other`, without rounding the means first.
  func difference(from other: Self) -> Double {
    (origin - other.origin) + (offset - other.offset)
  }
}
