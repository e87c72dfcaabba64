import Statistics

extension Functions {
  static let series: Table = association.merging(charts) { first, _ in first }

  private static let association: Table = [
    "pearson": { inputs in Association.pearson(try inputs.numbers("x"), try inputs.numbers("y")) },
    "spearman": { inputs in
      Association.spearman(try inputs.numbers("x"), try inputs.numbers("y")).map {
        ["rho": $0.rho, "p_value": $0.pValue] as [String: any ResultValue]
      }
    },
    "kendall_tau_b": { inputs in
      Association.kendallTauB(try inputs.numbers("x"), try inputs.numbers("y")).map {
        ["tau": $0.tau, "p_value": $0.pValue] as [String: any ResultValue]
      }
    },
    "newey_west_mean": { inputs in
      AutocorrelatedSeries.neweyWestMean(try inputs.numbers("x"), lags: try inputs.integer("lags")).map {
        ["mean": $0.mean, "se": $0.standardError] as [String: any ResultValue]
      }
    },
    "block_bootstrap_mean": { inputs in
      let starts = try inputs.array("starts").map { try Inputs(fields: ["starts": $0]).integers("starts") }
      return AutocorrelatedSeries.blockBootstrapMean(
        try inputs.numbers("x"), block: try inputs.integer("block"), starts: starts
      ).map { ["means": $0.means, "se": $0.standardError] as [String: any ResultValue] }
    },
  ]

  private static let charts: Table = [
    "robust_z": { inputs in RobustZ(try inputs.number("value"), in: try inputs.numbers("window")).map(fields) },
    "seasonal_ratio": { inputs in
      Seasonal.ratio(
        try inputs.numbers("series"), at: try inputs.integer("t"), period: try inputs.integer("period"),
        periods: try inputs.integer("k")
      ).map {
        ["baseline": $0.baseline, "ratio": $0.ratio, "log_ratio": $0.logRatio] as [String: any ResultValue]
      }
    },
    "seasonal_z": { inputs in
      Seasonal.z(
        try inputs.numbers("series"), at: try inputs.integer("t"), period: try inputs.integer("period"),
        periods: try inputs.integer("k"), window: try inputs.integer("window"), offset: try inputs.number("offset")
      ).map { fields($0.z).merging(["residual": $0.residual]) { old, _ in old } }
    },
    "ewma_chart": { inputs in try ewma(inputs) },
    "cusum": { inputs in try cusum(inputs) },
    "page_hinkley": { inputs in
      guard
        var test = PageHinkley(
          delta: try inputs.number("delta"), threshold: try inputs.number("threshold"),
          mode: try inputs.choice("mode"), countMin: try inputs.integer("min_instances"),
          forgetting: try inputs.number("forgetting"))
      else { return JSONValue?.none }
      let values = try finite(inputs.numbers("x"))
      return ["detections": values.indices.filter { test.add(values[$0]) }] as [String: any ResultValue]
    },
  ]

  private static func fields(_ z: RobustZ) -> [String: any ResultValue] {
    ["median": z.median, "mad": z.mad, "z": z.z]
  }

  private static func ewma(_ inputs: Inputs) throws -> any ResultValue {
    guard
      var chart = EWMAChart(
        lambda: try inputs.number("lambda"), width: try inputs.number("L"), mean: try inputs.number("mean"),
        deviation: try inputs.number("sd"))
    else { return JSONValue?.none }
    let points = try finite(inputs.numbers("x")).map { chart.add($0) }
    return [
      "ewma": points.map(\.average), "low": points.map(\.limits.low), "high": points.map(\.limits.high),
      "first_alarm": points.firstIndex(where: \.isAlarm) ?? -1,
    ] as [String: any ResultValue]
  }

  private static func cusum(_ inputs: Inputs) throws -> any ResultValue {
    guard
      var chart = CUSUMChart(
        target: try inputs.number("target"), deviation: try inputs.number("sd"), slack: try inputs.number("k"),
        threshold: try inputs.number("h"))
    else { return JSONValue?.none }
    let states = try finite(inputs.numbers("x")).map { value in
      chart.add(value)
      return chart
    }
    return [
      "pos": states.map(\.positive), "neg": states.map(\.negative),
      "first_alarm_pos": states.firstIndex(where: \.isHigh) ?? -1,
      "first_alarm_neg": states.firstIndex(where: \.isLow) ?? -1,
    ] as [String: any ResultValue]
  }

  /// The streaming charts take one number at a time; a series with a NaN or infinite one is undefined.
  private static func finite(_ values: [Double]) throws -> [Double] {
    guard values.allSatisfy(\.isFinite) else { throw InputError.undefined }
    return values
  }
}
