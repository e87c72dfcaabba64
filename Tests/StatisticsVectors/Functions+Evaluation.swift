import Statistics

extension Functions {
  static let evaluation: Table = [
    "log_loss": { inputs in try quality(inputs).logLoss },
    "normalized_entropy": { inputs in
      try quality(inputs).normalizedEntropy(background: try inputs.optionalNumber("background"))
    },
    "rig": { inputs in
      try quality(inputs).relativeInformationGain(background: try inputs.optionalNumber("background"))
    },
    "calibration_ratio": { inputs in try quality(inputs).calibrationRatio },
    "brier": { inputs in try quality(inputs).brierScore },
    "roc_auc": { inputs in try ranked(inputs, "scores")?.rocAUC },
    "average_precision": { inputs in try ranked(inputs, "scores")?.averagePrecision },
    "reliability_bins": { inputs in
      let bins = try ranked(inputs, "predictions")?.reliabilityBins(
        count: try inputs.integer("n_bins"), strategy: try inputs.choice("strategy"))
      return bins?.map { bin in
        [
          "index": bin.index, "count": bin.count, "weight": bin.weight, "mean_prediction": bin.meanPrediction,
          "mean_label": bin.meanLabel,
        ] as [String: any ResultValue]
      }
    },
    "ece": { inputs in
      let error = try ranked(inputs, "predictions")?.calibrationError(
        binCount: try inputs.integer("n_bins"), strategy: try inputs.choice("strategy"))
      return error.map { ["ece": $0.expected, "mce": $0.maximum] as [String: any ResultValue] }
    },
    "recalibrate_downsampled": { inputs in
      Downsampling.recalibrate(try inputs.number("p"), rate: try inputs.number("rate"))
    },
    "isotonic": { inputs in
      Isotonic.regression(try inputs.numbers("y"), weights: try inputs.optionalNumbers("weights"))
    },
  ]

  static let drift: Table = [
    "psi": { inputs in
      Drift.populationStabilityIndex(
        expected: try inputs.numbers("expected"), actual: try inputs.numbers("actual"),
        smoothing: try inputs.number("smoothing", default: 0.5))
    },
    "js_divergence": { inputs in
      Drift.jensenShannonDivergence(
        try inputs.numbers("p"), try inputs.numbers("q"), base: try inputs.choice("base"))
    },
    "ks_2samp": { inputs in
      KolmogorovSmirnov(try inputs.numbers("a"), try inputs.numbers("b")).map {
        ["statistic": $0.statistic, "p_value": $0.pValue] as [String: any ResultValue]
      }
    },
    "chi2_gof": { inputs in
      GoodnessOfFit(observed: try inputs.numbers("observed"), expected: try inputs.numbers("expected")).map(fields)
    },
    "srm": { inputs in
      SampleRatioMismatch(
        counts: try inputs.numbers("counts"), plannedWeights: try inputs.numbers("weights"),
        alpha: try inputs.number("alpha")
      ).map { fields($0.test).merging(["mismatch": $0.isMismatch]) { old, _ in old } }
    },
  ]

  private static func quality(_ inputs: Inputs) throws -> PredictionQuality {
    PredictionQuality(
      labels: try inputs.labels("labels"), predictions: try inputs.numbers("predictions"),
      weights: try inputs.optionalNumbers("weights"), epsilon: try inputs.number("eps", default: 1e-15))
  }

  private static func ranked(_ inputs: Inputs, _ scores: String) throws -> RankedExamples? {
    RankedExamples(
      labels: try inputs.labels("labels"), scores: try inputs.numbers(scores),
      weights: try inputs.optionalNumbers("weights"))
  }

  private static func fields(_ test: GoodnessOfFit) -> [String: any ResultValue] {
    ["statistic": test.statistic, "df": test.degreesOfFreedom, "p_value": test.pValue]
  }
}
