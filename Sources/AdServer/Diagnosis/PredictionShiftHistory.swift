import Events
import Foundation
import Learning
import Monitoring
import Ranking

/// Blame for a change of the mean prediction between two windows of a system's own traffic.
public struct PredictionShiftHistory {
  /// Which models are compared, by id or `current`; `nil` means the one that was live when the window ended.
  public struct Models: Sendable {
    let before: String?
    let after: String?

    public init(before: String? = nil, after: String? = nil) {
      (self.before, self.after) = (before, after)
    }
  }

  /// What was compared, and what is to blame.
  public struct Answer: Encodable, Sendable {
    public let before: Period
    public let after: Period
    public let shift: PredictionShift
  }

  /// Times in ISO 8601.
  public struct Period: Encodable, Sendable {
    public let from: String
    /// The first moment after it.
    public let to: String
  }

  /// How far back the window before begins when nothing is said: the first that has traffic.
  static let distancesDefault: [Milliseconds] = [7, 1].map { $0 * 24 * millisecondsPerHour }

  private let system: AdSystem

  public init(_ system: AdSystem) {
    self.system = system
  }

  /// Compares a window with the same hours `distance` milliseconds earlier: by default a week or else a day.
  ///
  /// Reads all impressions of both windows, in pieces.
  ///
  /// - throws: ``LearningError`` when a window is empty or a model isn't known; an error of the store.
  public func answer(
    _ window: DiagnosisWindow, distance: Milliseconds?, models: Models = Models(), valueCountMax: Int
  ) throws -> Answer {
    let after = window.span(days: 0)
    for distance in distance.map({ [$0] }) ?? Self.distancesDefault {
      let before = after.lowerBound - distance..<after.upperBound - distance
      guard try hasTraffic(before) else { continue }
      let (old, new) = (try model(models.before, before), try model(models.after, after))
      let shift = try PredictionShift(
        from: read(before, old, new), to: read(after, old, new), valueCountMax: valueCountMax)
      return Answer(before: Period(before), after: Period(after), shift: shift)
    }
    throw LearningError(.noExamples, try shortage(window, distance: distance))
  }

  private func shortage(_ window: DiagnosisWindow, distance: Milliseconds?) throws -> String {
    let hours = distance.map { ["\($0 / millisecondsPerMinute) minutes"] } ?? ["a week", "a day"]
    let earlier = "the same hours \(hours.joined(separator: " or ")) before \(window)"
    guard let extent = try HourlyFunnel(system.store, fields: []).extent() else {
      return "the store has no live impression yet; serve traffic, then ask again"
    }
    let span = "\(UTCHour(of: extent.lowerBound)) to \(UTCHour(of: extent.upperBound))"
    return "\(earlier) have no live impression (the store has them from \(span)); choose windows with --from, --to and "
      + "--distance"
  }

  private func model(_ id: String?, _ period: Range<Milliseconds>) throws -> Model {
    if let id { return try system.registry.model(id) }
    guard let deployment = system.registry.current(at: period.upperBound - 1) else {
      throw LearningError(
        .unknownModel,
        "no model was live before \(DiagnosisWindow.text(period.upperBound)); name one, see 'adloop models list'")
    }
    return try system.registry.model(deployment.model)
  }

  private func hasTraffic(_ period: Range<Milliseconds>) throws -> Bool {
    struct Found: Error {}
    do { try system.store.forEachImpression(in: period) { _ in throw Found() } } catch is Found { return true }
    return false
  }

  private func read(_ period: Range<Milliseconds>, _ before: Model, _ after: Model) throws -> ShiftWindow {
    try ShiftWindow(before: before, after: after) { add in
      try system.store.forEachImpression(in: period) { add($0.context, $0.attributes, $0.slot, $0.model) }
    }
  }
}

extension PredictionShiftHistory.Period: CustomStringConvertible {
  fileprivate init(_ period: Range<Milliseconds>) {
    from = DiagnosisWindow.text(period.lowerBound)
    to = DiagnosisWindow.text(period.upperBound)
  }

  public var description: String { "\(from) to \(to)" }
}
