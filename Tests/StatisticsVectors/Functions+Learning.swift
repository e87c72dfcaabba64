import Statistics

extension Functions {
  static let learning: Table = [
    "logistic_gradient": { inputs in
      LogisticRegression.gradient(
        weights: try inputs.numbers("weights"), row: try inputs.numbers("x"), label: try inputs.label("y")
      ).map { ["p": $0.probability, "loss": $0.loss, "gradient": $0.gradient] as [String: any ResultValue] }
    },
    "sgd_logistic": { inputs in
      LogisticRegression.stochasticGradientDescent(
        try examples(inputs), dimension: try inputs.integer("dim"), rate: try inputs.number("lr"),
        l2: try inputs.number("l2")
      ).map(fields)
    },
    "ftrl_proximal": { inputs in
      let parameters = FTRLProximal.Parameters(
        alpha: try inputs.number("alpha"), beta: try inputs.number("beta"), l1: try inputs.number("l1"),
        l2: try inputs.number("l2"))
      let result = LogisticRegression.followTheRegularizedLeader(
        try examples(inputs), dimension: try inputs.integer("dim"), parameters: parameters)
      return result.map { fit, states in
        var states = fields(states)
        states.merge(fields(fit)) { old, _ in old }
        return states
      }
    },
  ]

  /// Weights and states are listed up to this dimension.
  private static let listedDimensionMax = 64

  private static func examples(_ inputs: Inputs) throws -> [LogisticRegression.Example] {
    try inputs.objects("examples").map { example in
      LogisticRegression.Example(
        indices: try example.integers("idx"), values: try example.numbers("val"),
        label: try example.label("y"))
    }
  }

  private static func fields(_ fit: LogisticRegression.Fit) -> [String: any ResultValue] {
    var fields: [String: any ResultValue] = [
      "weight_sum": NeumaierSum(fit.weights).value, "weight_sq": NeumaierSum(fit.weights.map { $0 * $0 }).value,
      "nonzero": fit.weights.count { $0 != 0 }, "last_predictions": Array(fit.predictions.suffix(5)),
    ]
    if fit.weights.count <= listedDimensionMax { fields["weights"] = fit.weights }
    return fields
  }

  private static func fields(_ states: [FTRLProximal.Coordinate]) -> [String: any ResultValue] {
    var fields: [String: any ResultValue] = [
      "z_sum": NeumaierSum(states.map(\.z)).value, "n_sum": NeumaierSum(states.map(\.n)).value,
    ]
    if states.count <= listedDimensionMax {
      fields["z"] = states.map(\.z)
      fields["n"] = states.map(\.n)
    }
    return fields
  }
}
