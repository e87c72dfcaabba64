import Foundation
import Yams

/// The content of an `experiments.yaml`: every experiment, and the share of users that none of them may touch.
public struct ExperimentConfiguration: Codable, Sendable, Equatable {
  public var holdout: Holdout
  public var experiments: [Experiment]
  /// What decisions have changed for everybody but the held-out users.
  public var adopted: ArmSettings
  /// Counts the steps that led here; 0 for a file that a person wrote.
  public var revision: Int

  /// Named bounds of a configuration: they keep tokens, metric labels and the cost of a request small.
  public enum Limits {
    /// Experiments in one file, whatever their status.
    public static let experimentCountMax = 100
    /// Arms of one experiment.
    public static let armCountMax = 10
    /// Layers with a running experiment, which is also the most experiments one request can be in.
    public static let layerCountMax = 8
    /// Characters of the name of an experiment, arm or layer.
    public static let nameLengthMax = 40
    /// Characters of a model's id.
    public static let modelLengthMax = 128
    /// Length of the list that an exploring decision draws from.
    public static let explorationTopCountMax = 1000
  }

  /// - throws: ``ExperimentError`` when the whole contradicts itself or passes one of ``Limits``.
  public init(
    holdout: Holdout = Holdout(), experiments: [Experiment] = [], adopted: ArmSettings = ArmSettings(),
    revision: Int = 0
  ) throws(ExperimentError) {
    self.holdout = holdout
    self.experiments = experiments
    self.adopted = adopted
    self.revision = revision
    try validate()
  }

  /// Reads an `experiments.yaml`.
  ///
  /// - throws: ``ExperimentError`` with the file's name when it can't be read or isn't valid.
  public init(contentsOf file: URL) throws(ExperimentError) {
    let data: Data
    do { data = try Data(contentsOf: file) } catch {
      throw ExperimentError("\(file.path): can't be read (\(error.localizedDescription))")
    }
    do { try self.init(yaml: data) } catch {
      throw ExperimentError("\(file.path): \(error.description)")
    }
  }

  /// Reads the text of an `experiments.yaml`; JSON is YAML too. An empty one has no experiments.
  public init(yaml data: Data) throws(ExperimentError) {
    do {
      guard try Yams.compose(yaml: String(decoding: data, as: UTF8.self)) != nil else {
        try self.init()
        return
      }
      self = try YAMLDecoder().decode(Self.self, from: data)
    } catch let error as ExperimentError {
      throw error
    } catch {
      throw ExperimentError((error as? DecodingError)?.reason ?? "not YAML: \(error)")
    }
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case holdout, experiments, adopted, revision
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    try self.init(
      holdout: try values.decodeIfPresent(Holdout.self, forKey: .holdout) ?? Holdout(),
      experiments: try values.decodeIfPresent([Experiment].self, forKey: .experiments) ?? [],
      adopted: try values.decodeIfPresent(ArmSettings.self, forKey: .adopted) ?? ArmSettings(),
      revision: try values.decodeIfPresent(Int.self, forKey: .revision) ?? 0)
  }

  /// The experiment called `name`, the hold-out included.
  public func experiment(_ name: String) -> Experiment? {
    name == Holdout.name ? holdout.experiment : experiments.first { $0.name == name }
  }
}
