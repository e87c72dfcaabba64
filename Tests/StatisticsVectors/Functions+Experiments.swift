import Statistics

extension Functions {
  static let experiments: Table = [
    "two_proportion_z": { inputs in
      TwoProportionTest(
        firstSuccesses: try inputs.number("x1"), firstTrials: try inputs.number("n1"),
        secondSuccesses: try inputs.number("x2"), secondTrials: try inputs.number("n2"),
        confidence: try inputs.number("confidence")
      ).map { test in
        [
          "diff": test.difference, "z": test.z, "p_value": test.pValue, "wald_low": test.wald.low,
          "wald_high": test.wald.high, "newcombe_low": test.newcombe.low, "newcombe_high": test.newcombe.high,
        ] as [String: any ResultValue]
      }
    },
    "wilson_interval": { inputs in
      Wilson.interval(
        successes: try inputs.number("x"), trials: try inputs.number("n"), confidence: try inputs.number("confidence")
      ).map(fields)
    },
    "welch_t": { inputs in
      let (a, b) = (try inputs.numbers("a"), try inputs.numbers("b"))
      return WelchTest(control: a, treatment: b, confidence: try inputs.number("confidence")).map(fields)
    },
    "welch_t_summary": { inputs in
      WelchTest(
        control: try summary(inputs, "n1", "mean1", "var1"), treatment: try summary(inputs, "n2", "mean2", "var2"),
        confidence: try inputs.number("confidence")
      ).map(fields)
    },
    "ratio_metric": { inputs in
      guard let metric = RatioMetric(numerators: try inputs.numbers("num"), denominators: try inputs.numbers("den")),
        let interval = metric.interval(confidence: try inputs.number("confidence"))
      else { return JSONValue?.none }
      return fields(interval).merging([
        "ratio": metric.ratio, "se": metric.standardError, "n": metric.count,
      ]) { old, _ in old }
    },
    "ratio_diff": { inputs in try ratioDifference(inputs) },
    "cuped": { inputs in
      CUPED(
        controlBefore: try inputs.numbers("pre_a"), control: try inputs.numbers("post_a"),
        treatmentBefore: try inputs.numbers("pre_b"), treatment: try inputs.numbers("post_b"),
        confidence: try inputs.number("confidence")
      ).map { result in
        fields(result.test).merging([
          "theta": result.theta, "mean_a": result.controlMean, "mean_b": result.treatmentMean,
          "variance_reduction": result.varianceReduction,
        ]) { old, _ in old }
      }
    },
    "benjamini_hochberg": { inputs in
      BenjaminiHochberg(pValues: try inputs.numbers("p_values"), falseDiscoveryRate: try inputs.number("q")).map {
        ["adjusted": $0.adjusted, "rejected": $0.rejected] as [String: any ResultValue]
      }
    },
  ]

  static func summary(_ inputs: Inputs, _ n: String, _ mean: String, _ variance: String) throws -> SampleSummary {
    SampleSummary(
      count: try inputs.integer(n), mean: try inputs.number(mean), variance: try inputs.number(variance))
  }

  static func fields(_ interval: ConfidenceInterval) -> [String: any ResultValue] {
    ["low": interval.low, "high": interval.high]
  }

  private static func fields(_ test: WelchTest) -> [String: any ResultValue] {
    fields(test.interval).merging([
      "diff": test.difference, "se": test.standardError, "t": test.t, "df": test.degreesOfFreedom,
      "p_value": test.pValue,
    ]) { old, _ in old }
  }

  private static func ratioDifference(_ inputs: Inputs) throws -> any ResultValue {
    guard let a = RatioMetric(numerators: try inputs.numbers("num_a"), denominators: try inputs.numbers("den_a")),
      let b = RatioMetric(numerators: try inputs.numbers("num_b"), denominators: try inputs.numbers("den_b")),
      let result = RatioDifference(control: a, treatment: b, confidence: try inputs.number("confidence"))
    else { return JSONValue?.none }
    return fields(result.interval).merging([
      "ratio_a": a.ratio, "ratio_b": b.ratio, "diff": result.difference, "se": result.standardError, "z": result.z,
      "p_value": result.pValue, "rel": result.relative?.change, "rel_se": result.relative?.standardError,
      "rel_low": result.relative?.interval.low, "rel_high": result.relative?.interval.high,
    ]) { old, _ in old }
  }
}
