import Statistics

extension Functions {
  static let sequential: Table = [
    "msprt_normal": { inputs in
      AlwaysValid.look(
        difference: try inputs.number("diff"), standardError: try inputs.number("se"),
        mixingDeviation: try inputs.number("tau"), alpha: try inputs.number("alpha"),
        null: try inputs.number("null", default: 0)
      ).map { look in
        [
          "log_lambda": look.logLikelihoodRatio, "p_value": look.pValue, "reject": look.rejects,
          "half_width": look.halfWidth,
        ] as [String: any ResultValue]
      }
    },
    "msprt_sequence": { inputs in
      AlwaysValid.sequence(
        differences: try inputs.numbers("diffs"), standardErrors: try inputs.numbers("ses"),
        mixingDeviation: try inputs.number("tau"), alpha: try inputs.number("alpha")
      ).map { ["p_values": $0.pValues, "first_reject": $0.firstRejection ?? -1] as [String: any ResultValue] }
    },
    "normal_mixture_bound": { inputs in
      guard
        let rho = AlwaysValid.precision(
          optimalTime: try inputs.number("v_opt"), alpha: try inputs.number("alpha_opt")),
        let bound = AlwaysValid.boundary(
          time: try inputs.number("v"), precision: rho, alpha: try inputs.number("alpha"))
      else { return JSONValue?.none }
      return ["rho": rho, "bound": bound] as [String: any ResultValue]
    },
    "asymptotic_cs": { inputs in
      AlwaysValid.mean(
        try summary(inputs, "n", "mean", "var"), alpha: try inputs.number("alpha"),
        optimalTime: try inputs.number("t_opt")
      ).map { result in
        fields(result.interval).merging([
          "rho2": result.mixingVariance, "half_width": result.halfWidth,
        ]) { old, _ in old }
      }
    },
    "asymptotic_cs_diff": { inputs in
      AlwaysValid.difference(
        control: try summary(inputs, "n_a", "mean_a", "var_a"),
        treatment: try summary(inputs, "n_b", "mean_b", "var_b"), alpha: try inputs.number("alpha"),
        optimalTime: try inputs.number("t_opt")
      ).map { result in
        fields(result.interval).merging([
          "diff": result.difference, "half_width": result.halfWidth, "p_value": result.pValue,
        ]) { old, _ in old }
      }
    },
  ]

  static let power: Table = [
    "sample_size_two_proportions": { inputs in
      Power.sampleSize(
        firstShare: try inputs.number("p1"), secondShare: try inputs.number("p2"), alpha: try inputs.number("alpha"),
        power: try inputs.number("power"), ratio: try inputs.number("ratio")
      ).map(fields)
    },
    "power_two_proportions": { inputs in
      Power.power(
        firstShare: try inputs.number("p1"), secondShare: try inputs.number("p2"),
        firstCount: try inputs.number("n1"), secondCount: try inputs.number("n2"), alpha: try inputs.number("alpha"))
    },
    "mde_two_proportions": { inputs in
      Power.detectableEffect(
        firstShare: try inputs.number("p1"), firstCount: try inputs.number("n1"),
        secondCount: try inputs.number("n2"), alpha: try inputs.number("alpha"), power: try inputs.number("power")
      ).map { ["p2": $0.share, "mde_abs": $0.absolute, "mde_rel": $0.relative] as [String: any ResultValue] }
    },
    "sample_size_means": { inputs in
      Power.sampleSize(
        deviation: try inputs.number("sd"), effect: try inputs.number("mde"), alpha: try inputs.number("alpha"),
        power: try inputs.number("power"), ratio: try inputs.number("ratio")
      ).map(fields)
    },
    "sample_size_ratio": { inputs in
      Power.ratioSampleSize(
        numeratorMean: try inputs.number("mean_num"), denominatorMean: try inputs.number("mean_den"),
        numeratorVariance: try inputs.number("var_num"), denominatorVariance: try inputs.number("var_den"),
        covariance: try inputs.number("cov"), relativeEffect: try inputs.number("mde_rel"),
        alpha: try inputs.number("alpha"), power: try inputs.number("power")
      ).map { result in
        [
          "ratio": result.ratio, "unit_sd": result.unitDeviation, "n_per_arm_real": result.size.exact,
          "n_per_arm": result.size.first,
        ] as [String: any ResultValue]
      }
    },
  ]

  private static func fields(_ size: Power.SampleSize) -> [String: any ResultValue] {
    ["n1_real": size.exact, "n1": size.first, "n2": size.second]
  }
}
