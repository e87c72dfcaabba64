import Statistics

extension Functions {
  static let rootCause: Table = [
    "lmdi": { inputs in
      let segments = try inputs.objects("segments").map { segment in
        LMDI.Segment(before: try factors(segment, "x0"), after: try factors(segment, "x1"))
      }
      return LMDI(segments).map {
        ["total_change": $0.totalChange, "contributions": $0.contributions] as [String: any ResultValue]
      }
    },
    "adtributor_elements": { inputs in
      Adtributor.elements(forecast: try inputs.numbers("forecast"), actual: try inputs.numbers("actual")).map {
        [
          "explanatory_power": $0.explanatoryPower, "surprise": $0.surprise, "total_surprise": $0.totalSurprise,
        ] as [String: any ResultValue]
      }
    },
    "adtributor_ratio_elements": { inputs in
      Adtributor.ratioElements(
        forecastNumerators: try inputs.numbers("forecast_num"), actualNumerators: try inputs.numbers("actual_num"),
        forecastDenominators: try inputs.numbers("forecast_den"), actualDenominators: try inputs.numbers("actual_den")
      ).map {
        ["explanatory_power": $0.explanatoryPower, "raw": $0.raw, "surprise": $0.surprise]
          as [String: any ResultValue]
      }
    },
    "adtributor": { inputs in try search(inputs) },
    "ope": { inputs in
      OffPolicy(
        rewards: try inputs.numbers("rewards"), targetProbabilities: try inputs.numbers("target_probs"),
        loggedProbabilities: try inputs.numbers("logging_probs"), clip: try inputs.optionalNumber("clip"),
        predictedLogged: try inputs.optionalNumbers("q_logged"), predictedTarget: try inputs.optionalNumbers("v_target")
      ).map { result in
        [
          "ips": fields(result.ips), "snips": result.snips.map(fields), "dm": result.directMethod.map(fields),
          "dr": result.doublyRobust.map(fields), "ess": result.effectiveSampleSize,
          "max_weight": result.maximumWeight, "clipped_fraction": result.clippedShare,
        ] as [String: any ResultValue]
      }
    },
  ]

  private static func factors(_ segment: Inputs, _ name: String) throws -> [Double?] {
    try segment.array(name).map { $0 == .null ? nil : $0.number ?? .nan }
  }

  private static func search(_ inputs: Inputs) throws -> any ResultValue {
    let dimensions = try inputs.objects("dimensions").map { dimension in
      Adtributor.Dimension(
        name: try dimension.string("name"),
        elements: try dimension.array("elements").map { try Inputs(fields: ["name": $0]).string("name") },
        forecast: try dimension.numbers("forecast"), actual: try dimension.numbers("actual"))
    }
    let candidates = Adtributor.search(
      dimensions, totalPower: try inputs.number("t_ep"), elementPower: try inputs.number("t_eep"),
      top: try inputs.integer("top"))
    return candidates.map { candidates in
      [
        "candidates": candidates.map { candidate in
          [
            "dimension": candidate.dimension, "elements": candidate.elements, "explains": candidate.explains,
            "surprise": candidate.surprise,
          ] as [String: any ResultValue]
        }
      ] as [String: any ResultValue]
    }
  }

  private static func fields(_ estimate: OffPolicy.Estimate) -> [String: any ResultValue] {
    ["value": estimate.value, "se": estimate.standardError]
  }
}
