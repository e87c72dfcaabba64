import Foundation
import Statistics

extension Diagnosis {
  /// The change of revenue split over its factors, cell by cell, so that the parts add up exactly.
  static func factors(_ finder: CauseFinder, change: Double) -> [DiagnosisReport.FactorShare] {
    let cells = finder.cells
    let factors = RevenueSignal.factors
    let counts = RevenueMeasure.allCases.map { cells.values(of: $0, day: cells.today, .window) }
    let segments = (0..<cells.cellCount).map { cell in
      LMDI.Segment(
        before: factors.map { finder.forecasts[$0.signal.rawValue].rates[cell] },
        after: factors.map { signal, _ in
          let numerator = counts[signal.numerator.rawValue][cell]
          guard let denominator = signal.denominator.map({ counts[$0.rawValue][cell] }) else { return numerator }
          return denominator > 0 ? numerator / denominator : nil
        })
    }
    let contributions = LMDI(segments)?.contributions ?? factors.map { _ in 0 }
    return zip(factors, contributions).map { factor, contribution in
      DiagnosisReport.FactorShare(
        factor: factor.factor, contribution: contribution, share: change == 0 ? nil : contribution / change)
    }
  }

  static func describe(
    _ cause: CauseFinder.Cause, _ finder: CauseFinder, forecast: Double, series: HourlyRevenue
  ) -> DiagnosisReport.Cause {
    let cells = finder.cells
    let since = series.changePoint(cause.shift, cause.signal)
    let factor = cause.signal.factor ?? .ctr
    let share = forecast > 0 ? cause.loss / forecast : 0
    let change = cause.shift.ratio - 1
    let isOrdinary = cause.kind == .trafficLoss && -change < ordinaryTrafficChangeMax && share < extraordinaryShareMin
    let place = cells.names(cause.shift.place)
    var words = "\(placeWords(place)): \(factor.words) \(percent(change)) since \(since), \(cause.kind.words)"
    if let partner = cause.partner {
      words += "; \(placeWords(cells.names(partner.place))) gained \(percent(partner.ratio - 1))"
    }
    words += "; costs \(percent(share, signed: false)) of the forecast revenue (\(money(cause.loss)))"
    words += String(format: ", %.1f standard errors", cause.significance)
    if isOrdinary { words += "; traffic often moves this much by itself" }
    return DiagnosisReport.Cause(
      place: place, factor: factor, kind: cause.kind, relativeChange: change, loss: cause.loss,
      lossInPlace: cause.lossInPlace, shareOfForecast: share, standardErrors: cause.significance, since: since,
      isOrdinary: isOrdinary,
      series: series.factor(
        factor, cause.signal, finder.forecasts[cause.signal.rawValue], place: cause.shift.place),
      words: words)
  }

  static func words(_ repair: Forecaster.Repair, _ cells: RevenueCells, _ hours: DiagnosisHours) -> String {
    let name = repair.signal.factor?.words ?? "predicted click-through rate"
    let day = hours.referenceDays[repair.day].description.prefix(10)
    return "On reference day \(day) the \(name) of \(placeWords(cells.names(repair.shift.place))) was "
      + "\(percent(repair.shift.ratio - 1)) in the window; it was put right before the comparison."
  }

  static func placeWords(_ place: [String: [String]]) -> String {
    guard !place.isEmpty else { return "the whole site" }
    return place.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.joined(separator: " and "))" }
      .joined(separator: " × ")
  }

  static func percent(_ fraction: Double, signed: Bool = true) -> String {
    String(format: signed ? "%+.1f %%" : "%.1f %%", fraction * 100)
  }

  static func money(_ value: Double) -> String { String(format: "%.2f", value) }
}

extension CauseKind {
  /// What happened, in words.
  public var words: String {
    switch self {
    case .trafficLoss: "requests stay away from this part of the traffic"
    case .wholeSiteTraffic: "requests stay away everywhere"
    case .mixShift: "traffic moved from where a request earns much to where it earns little"
    case .fillLoss: "fewer requests get an ad"
    case .renderLoss: "chosen ads are not shown"
    case .clickLoss: "clicks are lost or not logged, predictions did not rise"
    case .priceDrop: "a click brings less here"
    case .wholeSitePrice: "a click brings less everywhere"
    case .modelMiscalibration: "the model predicts more clicks here while fewer come"
    case .flatPredictions: "predictions no longer differ here, as if a feature were missing"
    case .positionSwap: "two positions are shown in each other's place: clicks follow it, predictions don't"
    }
  }

  /// What to look at first.
  public var advice: String {
    switch self {
    case .trafficLoss: "Check the tag, the routing and the pages of this traffic, then bot filters and errors."
    case .wholeSiteTraffic: "Check the front door: DNS, certificates, load balancers, the tag and error rates."
    case .mixShift: "Compare where the traffic comes from: campaigns, referrers, bots and geolocation."
    case .fillLoss: "Check targeting, budgets, caps and time-outs of the demand for these requests."
    case .renderLoss: "Check creatives, the page's ad slots, time-outs and blockers on these clients."
    case .clickLoss: "Check click links, redirects and the click log of this part of the traffic."
    case .priceDrop: "Check bids, reserves, budgets and the price computation of this demand."
    case .wholeSitePrice: "Check the auction: reserves, pricing rule, currency and a change of bids."
    case .modelMiscalibration: "Compare the model's version with the one before and roll it back for this segment."
    case .flatPredictions: "Check the features sent with these requests: one of them is missing or constant."
    case .positionSwap: "Check the page's template and the slot numbers it sends."
    }
  }
}
