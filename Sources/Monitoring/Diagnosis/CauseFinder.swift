import Foundation

/// Turns the shifts of all signals into causes of a revenue drop.
struct CauseFinder {
  /// A place whose shift lowers revenue.
  struct Cause {
    let shift: Shift
    let signal: RevenueSignal
    let kind: CauseKind
    /// Money lost in the window; for traffic and clicks that moved elsewhere, net of what they brought there.
    let loss: Double
    /// Money lost in the place itself.
    let lossInPlace: Double
    /// z of the shift, search not accounted for.
    let significance: Double
    /// Where the traffic or the clicks went.
    let partner: Shift?
  }

  /// Where predictions moved, clicks need some three and a half standard errors; a new model moves them in many places.
  private static let hint = 3.0
  /// Where predictions became flat, about two standard errors of clicks are enough.
  private static let flatHint = 22.0
  private static let predictionRiseMin = 1.04

  let cells: RevenueCells
  let forecasts: [SignalForecast]
  /// Revenue forecast of each cell.
  let revenue: [Double]
  let shifts: [[Shift]]
  let inflations: [Double]
  private let flat: FlatPredictions?

  init(_ forecaster: Forecaster, hours: DiagnosisHours) {
    let cells = forecaster.cells
    let everywhereInflation = 1 + Double(hours.windowHourCount) / Double(hours.beforeHourCount)
    let references = Array(0..<cells.referenceDayCount)
    let forecasts = RevenueSignal.allCases.map {
      forecaster.forecast($0, day: cells.today, references: references)
    }
    let inflations = RevenueSignal.allCases.map(forecaster.inflation)
    var predictions = forecasts[RevenueSignal.prediction.rawValue]
    let flat = FlatPredictions.find(predictions, cells)
    var hints: [CausePlace: Double] = [:]
    if let flat {
      for cell in cells.members(flat.place) { predictions.expected[cell] = predictions.observed[cell] }
      hints[flat.place] = Self.flatHint
    }
    func search(_ signal: RevenueSignal, _ forecast: SignalForecast, hints: [CausePlace: Double] = [:]) -> [Shift] {
      ShiftSearch(
        cells: cells, everywherePenalty: signal == .requests || signal == .price ? 1 : 4,
        everywhereInflation: everywhereInflation, inflation: inflations[signal.rawValue], hints: hints
      ).shifts(forecast)
    }
    let predicted = search(.prediction, predictions)
    for shift in predicted { hints[shift.place] = Self.hint }
    self.cells = cells
    self.forecasts = forecasts
    self.flat = flat
    self.inflations = inflations
    shifts = RevenueSignal.allCases.map { signal in
      switch signal {
      case .prediction: predicted
      case .ctr: search(.ctr, forecasts[signal.rawValue], hints: hints)
      default: search(signal, forecasts[signal.rawValue])
      }
    }
    revenue = (0..<cells.cellCount).map { cell in
      RevenueSignal.factors.reduce(1) { $0 * forecasts[$1.signal.rawValue].rates[cell] }
    }
  }

  /// All shifts that lower a factor of revenue, as causes.
  var causes: [Cause] {
    RevenueSignal.factors
      .flatMap { signal, _ in shifts[signal.rawValue].filter { $0.ratio < 1 }.map { cause($0, signal) } }
  }

  /// Forecast revenue that the shift takes away; negative for a gain.
  func loss(_ shift: Shift) -> Double {
    cells.members(shift.place).reduce(0) { $0 + revenue[$1] } * (1 - shift.ratio)
  }

  private func cause(_ shift: Shift, _ signal: RevenueSignal) -> Cause {
    let (kind, partner) = classify(shift, signal)
    let lossInPlace = loss(shift)
    return Cause(
      shift: shift, signal: signal, kind: kind, loss: lossInPlace + (partner.map(loss) ?? 0), lossInPlace: lossInPlace,
      significance: (2 * shift.deviance / inflations[signal.rawValue]).squareRoot(), partner: partner)
  }

  private func classify(_ shift: Shift, _ signal: RevenueSignal) -> (CauseKind, Shift?) {
    let isEverywhere = shift.place == .everywhere
    switch signal {
    case .requests:
      if let partner = mixPartner(shift) { return (.mixShift, partner) }
      return (isEverywhere ? .wholeSiteTraffic : .trafficLoss, nil)
    case .fill: return (.fillLoss, nil)
    case .render: return (.renderLoss, nil)
    case .price: return (isEverywhere ? .wholeSitePrice : .priceDrop, nil)
    case .prediction, .ctr: return classifyClicks(shift)
    }
  }

  private func classifyClicks(_ shift: Shift) -> (CauseKind, Shift?) {
    if flat?.place == shift.place { return (.flatPredictions, nil) }
    let prediction = forecasts[RevenueSignal.prediction.rawValue]
    let members = cells.members(shift.place)
    let seen = members.reduce(0) { $0 + prediction.observed[$1] }
    let due = members.reduce(0) { $0 + prediction.expected[$1] }
    if due > 0, seen > Self.predictionRiseMin * due { return (.modelMiscalibration, nil) }
    let hasPattern = due > 0 && seen * Self.predictionRiseMin > due
    if hasPattern, let partner = sibling(of: shift, .ctr) { return (.positionSwap, partner) }
    return (.clickLoss, nil)
  }

  /// The strongest rise in another value of the dimension of `shift`.
  private func sibling(of shift: Shift, _ signal: RevenueSignal) -> Shift? {
    guard shift.place.isSingleValue else { return nil }
    let dimension = shift.place.terms[0].dimension
    return shifts[signal.rawValue]
      .filter { $0.ratio > 1 && $0.place.isSingleValue && $0.place.terms[0].dimension == dimension }
      .max { $0.deviance < $1.deviance }
  }

  /// The value that gained about the requests that `shift` lost, when they earn less there.
  private func mixPartner(_ shift: Shift) -> Shift? {
    guard let partner = sibling(of: shift, .requests) else { return nil }
    let due = forecasts[RevenueSignal.requests.rawValue].expected
    func requests(_ place: CausePlace) -> Double { cells.members(place).reduce(0) { $0 + due[$1] } }
    func revenue(_ place: CausePlace) -> Double { cells.members(place).reduce(0) { $0 + self.revenue[$1] } }
    let (lost, gained) = (requests(shift.place) * (1 - shift.ratio), requests(partner.place) * (partner.ratio - 1))
    guard gained > 0.7 * lost, gained < 1.4 * lost else { return nil }
    let isCheaper = revenue(partner.place) / requests(partner.place) < revenue(shift.place) / requests(shift.place)
    return isCheaper ? partner : nil
  }
}
