import Statistics

extension Functions {
  static let distributions: Table = [
    "generate": { inputs in try generate(inputs) },
    "normal_cdf": { inputs in NormalDistribution.cumulative(try inputs.number("x")) },
    "normal_sf": { inputs in NormalDistribution.survival(try inputs.number("x")) },
    "normal_quantile": { inputs in NormalDistribution.quantile(try inputs.number("p")) },
    "reg_inc_beta": { inputs in
      SpecialFunctions.regularizedBeta(
        a: try inputs.number("a"), b: try inputs.number("b"), x: try inputs.number("x"))
    },
    "reg_gamma_p": { inputs in
      SpecialFunctions.regularizedGammaP(a: try inputs.number("a"), x: try inputs.number("x"))
    },
    "reg_gamma_q": { inputs in
      SpecialFunctions.regularizedGammaQ(a: try inputs.number("a"), x: try inputs.number("x"))
    },
    "student_t_sf": { inputs in
      StudentT.survival(try inputs.number("t"), degreesOfFreedom: try inputs.number("df"))
    },
    "student_t_quantile": { inputs in
      StudentT.quantile(try inputs.number("p"), degreesOfFreedom: try inputs.number("df"))
    },
    "chi2_sf": { inputs in ChiSquare.survival(try inputs.number("x"), degreesOfFreedom: try inputs.number("df")) },
    "kolmogorov_sf": { inputs in Kolmogorov.survival(try inputs.number("x")) },
  ]

  private static func generate(_ inputs: Inputs) throws -> any ResultValue {
    let values = try inputs.array("of")
    guard let first = values.first, let last = values.last else { return JSONValue?.none }
    if case .object = first {
      let examples = try inputs.objects("of")
      return [
        "count": examples.count, "first_idx": try examples[0].array("idx"),
        "last_idx": try examples[examples.count - 1].array("idx"),
        "labels": try examples.count { try $0.label("y") },
      ] as [String: any ResultValue]
    }
    return [
      "count": values.count, "first": Array(values.prefix(4)), "last": last,
      "sum": NeumaierSum(try inputs.numbers("of")).value,
    ] as [String: any ResultValue]
  }
}
