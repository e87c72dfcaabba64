/// FTRL-Proximal, the per-coordinate online optimiser of sparse click models.
///
/// Source: McMahan et al. 2013, "Ad click prediction: a view from the trenches", algorithm 1.
public enum FTRLProximal {
  /// The settings; usable when ``isValid``.
  @frozen public struct Parameters: Sendable, Hashable {
    /// Learning rate scale, above 0.
    public var alpha: Double
    /// Damps the learning rate of a coordinate's first steps, at least 0.
    public var beta: Double
    /// At least 0; weights whose state stays within it are exactly 0.
    public var l1: Double
    /// At least 0.
    public var l2: Double

    @inlinable public init(alpha: Double, beta: Double, l1: Double, l2: Double) {
      self.alpha = alpha
      self.beta = beta
      self.l1 = l1
      self.l2 = l2
    }

    /// Whether α > 0 and the others are at least 0, all finite.
    public var isValid: Bool { [alpha, beta, l1, l2].allCounts && alpha > 0 }
  }

  /// The state of one coordinate; it starts at zero.
  @frozen public struct Coordinate: Sendable, Hashable {
    /// Sum of the adjusted gradients.
    public var z: Double
    /// Sum of the squared gradients.
    public var n: Double

    @inlinable public init(z: Double = 0, n: Double = 0) {
      self.z = z
      self.n = n
    }

    /// The weight the state stands for: 0 while |z| ≤ l1.
    @inlinable public func weight(_ parameters: Parameters) -> Double {
      guard z.magnitude > parameters.l1 else { return 0 }
      let shrunk = z < 0 ? z + parameters.l1 : z - parameters.l1
      return -shrunk / ((parameters.beta + n.squareRoot()) / parameters.alpha + parameters.l2)
    }

    /// Takes one gradient g = (p − y)·x into account; `weight` is the one the prediction p was made with.
    @inlinable public mutating func update(gradient: Double, weight: Double, _ parameters: Parameters) {
      let square = gradient * gradient
      let sigma = ((n + square).squareRoot() - n.squareRoot()) / parameters.alpha
      z += gradient - sigma * weight
      n += square
    }
  }
}
