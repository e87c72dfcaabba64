/// What is distributed: a field of requests, an attribute of ads, or the predictions, at one stage of the funnel.
public struct DriftSubject: Sendable, Hashable, Codable {
  /// Whose values are counted.
  public enum Stage: String, Sendable, Codable, CaseIterable {
    /// Decisions, filled or not.
    case requested
    /// Ads that came on screen.
    case shown
    /// Ads that were clicked.
    case clicked
  }

  /// Where the value comes from.
  public enum Source: String, Sendable, Codable, CaseIterable {
    case context, ad, slot, prediction
  }

  public let stage: Stage
  public let source: Source
  /// The field of the schema; "slot" or "ctr" for the others.
  public let name: String
  /// Of predictions: the model that made them, when only its own are meant.
  public let model: String?
  /// Of predictions: `experiment/arm`, when only those of its users are meant.
  public let arm: String?

  public init(_ stage: Stage, _ source: Source, _ name: String, model: String? = nil, arm: String? = nil) {
    (self.stage, self.source, self.name, self.model, self.arm) = (stage, source, name, model, arm)
  }

  /// Such as "shown, context device" or "shown, prediction of model m7".
  public var words: String {
    let slice = [model.map { "of model \($0)" }, arm.map { "in arm \($0)" }].compactMap { $0 }
    let what = source == .context || source == .ad ? "\(source.rawValue) \(name)" : source.rawValue
    return ([what] + slice).joined(separator: " ") + " (\(stage.rawValue))"
  }
}

extension DriftSubject: Comparable {
  public static func < (left: Self, right: Self) -> Bool { left.order.lexicographicallyPrecedes(right.order) }

  private var order: [String] {
    let stage = Stage.allCases.firstIndex(of: stage) ?? 0
    let source = Source.allCases.firstIndex(of: source) ?? 0
    return ["\(stage)\(source)", name, model ?? "", arm ?? ""]
  }
}
