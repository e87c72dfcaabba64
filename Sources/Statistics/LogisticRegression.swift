/// Logistic regression without an intercept, as plain loops: what faster learners are compared with.
public enum LogisticRegression {
  /// A labelled row of a sparse design; its indices are distinct.
  public struct Example: Sendable, Equatable {
    public let indices: [Int]
    public let values: [Double]
    public let label: Bool

    public init(indices: [Int], values: [Double], label: Bool) {
      self.indices = indices
      self.values = values
      self.label = label
    }
  }

  public struct Gradient: Sendable, Equatable {
    public let probability: Double
    public let loss: Double
    /// d loss/d weight, one a weight.
    public let gradient: [Double]
  }

  /// What a pass over the examples leaves.
  public struct Fit: Sendable, Equatable {
    public let weights: [Double]
    /// The probability given to each example before its step, in order.
    public let predictions: [Double]
  }

  /// Prediction, loss and gradient for one dense row. `nil` for empty or unequal arrays and values that aren't finite.
  public static func gradient(weights: [Double], row: [Double], label: Bool) -> Gradient? {
    guard !weights.isEmpty, weights.count == row.count, weights.allFinite, row.allFinite else { return nil }
    guard let z = NeumaierSum(zip(weights, row).lazy.map(*)).value.ifFinite else { return nil }
    let slope = Logistic.slope(z: z, label: label)
    return Gradient(
      probability: Logistic.sigmoid(z), loss: Logistic.loss(z: z, label: label), gradient: row.map { slope * $0 })
  }

  /// One pass of stochastic gradient descent from zero weights: for the coordinates of an example
  /// w ← w − rate·((p − y)·x + l2·w); the others stay (lazy L2). `nil` for indices outside 0..<dimension.
  public static func stochasticGradientDescent(
    _ examples: [Example], dimension: Int, rate: Double, l2: Double
  ) -> Fit? {
    guard areUsable(examples, dimension: dimension), rate.isFinite, l2.isFinite else { return nil }
    var weights = [Double](repeating: 0, count: dimension)
    let predictions = examples.map { example in
      let p = predict(example) { weights[$0] }
      let error = p - (example.label ? 1 : 0)
      for (index, x) in zip(example.indices, example.values) {
        weights[index] -= rate * (error * x + l2 * weights[index])
      }
      return p
    }
    return weights.allFinite ? Fit(weights: weights, predictions: predictions) : nil
  }

  /// One pass of ``FTRLProximal`` from zero states: the fit and the states. `nil` for invalid parameters and indices
  /// outside 0..<dimension.
  public static func followTheRegularizedLeader(
    _ examples: [Example], dimension: Int, parameters: FTRLProximal.Parameters
  ) -> (fit: Fit, states: [FTRLProximal.Coordinate])? {
    guard areUsable(examples, dimension: dimension), parameters.isValid else { return nil }
    var states = [FTRLProximal.Coordinate](repeating: .init(), count: dimension)
    let predictions = examples.map { example in
      let p = predict(example) { states[$0].weight(parameters) }
      let error = p - (example.label ? 1 : 0)
      for (index, x) in zip(example.indices, example.values) {
        states[index].update(gradient: error * x, weight: states[index].weight(parameters), parameters)
      }
      return p
    }
    let weights = states.map { $0.weight(parameters) }
    return weights.allFinite ? (Fit(weights: weights, predictions: predictions), states) : nil
  }

  private static func predict(_ example: Example, weight: (Int) -> Double) -> Double {
    Logistic.sigmoid(zip(example.indices, example.values).reduce(0) { $0 + weight($1.0) * $1.1 })
  }

  private static func areUsable(_ examples: [Example], dimension: Int) -> Bool {
    dimension > 0
      && examples.allSatisfy { example in
        example.indices.count == example.values.count && example.values.allFinite
          && example.indices.allSatisfy { $0 >= 0 && $0 < dimension }
      }
  }
}
