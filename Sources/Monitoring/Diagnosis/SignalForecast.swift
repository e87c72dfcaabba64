/// One signal in the window of one day, cell by cell: what was counted, what the other days led to expect, and how many
/// independent counts a unit of it is worth.
struct SignalForecast {
  let observed: [Double]
  /// Expected per unit of the denominator: the forecast of the factor itself.
  let rates: [Double]
  var expected: [Double]
  /// 1 / (variance / mean): observed × weight varies about as a Poisson count does.
  let weights: [Double]
}

/// How a signal's cells scatter: variance = mean × (dispersion + deviation² × mean), in counts.
struct SignalNoise {
  var dispersion: Double
  var deviation: Double

  /// What is assumed until the reference days have been compared with one another.
  static func assumed(_ signal: RevenueSignal) -> Self {
    switch signal {
    case .requests: Self(dispersion: 1, deviation: 0.03)
    case .fill, .render: Self(dispersion: 0.1, deviation: 0)
    case .prediction: Self(dispersion: 0.01, deviation: 0.01)
    case .ctr: Self(dispersion: 1, deviation: 0)
    case .price: Self(dispersion: 0.2, deviation: 0)
    }
  }

  /// Requests and clicks scatter at least as independent events do; rates of many trials may scatter less.
  static func dispersionMin(_ signal: RevenueSignal) -> Double {
    switch signal {
    case .requests, .ctr: 1
    case .fill, .render, .price: 0.01
    case .prediction: 0.001
    }
  }
}
