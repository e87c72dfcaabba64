import Events
import Foundation

/// Where a model comes from: kept inside its file and in the `models` view.
public struct Lineage: Codable, Sendable, Equatable {
  /// How a model came about.
  public enum Origin: String, Codable, Sendable {
    /// The first model of a new system, without weights.
    case prior
    /// `adloop train`: from scratch on everything in the store.
    case training
    /// The background trainer.
    case refit
  }

  public var origin: Origin
  /// Examples whose click window was over.
  public var window: DataWindow?
  /// Examples learnt before their click window was over, with the clicks so far.
  public var provisional: DataWindow?
  public var settings: FTRLSettings?
  public var passCount: Int?
  /// Which kind of model.
  public var model: ModelForm?
  /// Crosses that were chosen beyond those of the features file.
  public var crosses: [[String]]?
  /// What was tried to choose the settings.
  public var tuning: [TuningTrial]?
  /// Quality on examples that weren't learnt, by a twin trained on the others.
  public var holdOut: EvaluationReport?
  /// Quality of predictions made before their example was learnt, uncalibrated.
  public var progressive: EvaluationReport?
  /// Time of the newest example that the calibration was fitted on; `nil` without one.
  public var calibrationTime: Milliseconds?
  /// Id of the model that was live when this one was made.
  public var parent: String?

  public init(origin: Origin) {
    self.origin = origin
  }

  /// Id of the last example that the model saw the label of, closed or provisional.
  public var lastExample: Int64 {
    max(window?.lastExample ?? 0, provisional?.lastExample ?? 0)
  }

  /// Time of the newest example that the model saw the label of.
  var lastTime: Milliseconds? { [window?.lastTime, provisional?.lastTime].compactMap(\.self).max() }

  /// Examples learnt, closed or provisional.
  var exampleCount: Int? {
    window == nil && provisional == nil ? nil : (window?.exampleCount ?? 0) + (provisional?.exampleCount ?? 0)
  }

  /// JSON with sorted keys.
  public var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  /// The lineage in a model's file, `nil` when it has none or one from elsewhere.
  public init?(json: String?) {
    guard let json, let lineage = try? JSONDecoder().decode(Lineage.self, from: Data(json.utf8)) else { return nil }
    self = lineage
  }
}
