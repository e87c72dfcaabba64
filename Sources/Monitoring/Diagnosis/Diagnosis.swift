import Foundation
import Statistics

/// Says why revenue left its forecast: by which factor, where, what kind of thing, and since when.
public enum Diagnosis {
  /// A cause counts as an anomaly from this share of the forecast revenue.
  static let materialShareMin = 0.02
  /// A part of the traffic may move by less than this without anything being wrong …
  static let ordinaryTrafficChangeMax = 0.27
  /// … unless it costs this share of the forecast revenue.
  static let extraordinaryShareMin = 0.045

  /// Diagnoses the hours from `windowStart` up to but not including `windowEnd`.
  ///
  /// `table` must hold the same clock hours of every reference day (best 7, 14 and 21 days earlier) and, on each day, hours
  /// just before the window, from which the day's own level is learnt. With three reference days an unusual one is noticed
  /// and put right; with one there is nothing to learn the scatter of the numbers from. Deterministic: the order of the
  /// table's rows plays no role beyond rounding. Cost: some 0.3 s of one core for 1,500 combinations, 24 hours, 4 days.
  ///
  /// - throws: `DiagnosisError.badWindow` and `.missingRows`.
  public static func run(
    _ table: RevenueTable, windowStart: UTCHour, windowEnd: UTCHour, referenceDays: [UTCHour]
  ) throws(DiagnosisError) -> DiagnosisReport {
    let hours = try DiagnosisHours(
      windowStart: windowStart, windowEnd: windowEnd, referenceDays: referenceDays, table: table)
    var forecaster = Forecaster(RevenueCells(table, hours: hours))
    let repairs = forecaster.calibrate()
    let finder = CauseFinder(forecaster, hours: hours)
    let series = HourlyRevenue(cells: finder.cells, hours: hours)
    return report(finder, repairs: repairs, hours: hours, series: series)
  }

  private static func report(
    _ finder: CauseFinder, repairs: [Forecaster.Repair], hours: DiagnosisHours, series: HourlyRevenue
  ) -> DiagnosisReport {
    let cells = finder.cells
    let revenue = cells.total(of: .revenue, day: cells.today, .window)
    let forecast = finder.revenue.reduce(0, +)
    let causes = finder.causes.map { cause in
      describe(cause, finder, forecast: forecast, series: series)
    }.filter { isMaterial($0, forecast: forecast, shareMin: materialShareMin / 2) }.sorted(by: isWorse)
    let anomaly =
      causes.first.map { !$0.isOrdinary && isMaterial($0, forecast: forecast, shareMin: materialShareMin) } ?? false
    let verdict: DiagnosisReport.Verdict =
      !anomaly ? .quiet : causes.first?.kind.isInfrastructure == true ? .infrastructure : .quality
    let draft = DiagnosisReport(
      windowStart: hours.windowStart, windowEnd: hours.windowStart + hours.windowHourCount,
      referenceDays: hours.referenceDays, anomaly: anomaly, verdict: verdict, revenue: revenue,
      revenueForecast: forecast, factors: factors(finder, change: revenue - forecast), causes: causes,
      hours: series.hours(forecast: forecast),
      factorSeries: RevenueSignal.factors.map { signal, factor in
        series.factor(factor, signal, finder.forecasts[signal.rawValue], place: .everywhere)
      },
      repairs: repairs.map { words($0, cells, hours) }, story: "")
    return draft.withStory
  }

  private static func isMaterial(_ cause: DiagnosisReport.Cause, forecast: Double, shareMin: Double) -> Bool {
    cause.gravity >= shareMin * forecast
  }

  private static func isWorse(_ a: DiagnosisReport.Cause, _ b: DiagnosisReport.Cause) -> Bool {
    a.isOrdinary != b.isOrdinary ? b.isOrdinary : a.gravity > b.gravity
  }
}

extension DiagnosisReport.Cause {
  /// What a place lost counts half even when it all came back elsewhere: a swap of two positions is never harmless.
  fileprivate var gravity: Double { max(loss, lossInPlace / 2) }
}
