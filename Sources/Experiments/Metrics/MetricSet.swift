import Foundation
import Yams

/// The content of a `metrics.yaml`: every metric of the experiments, the goal first.
public struct MetricSet: Codable, Sendable, Equatable {
  public let metrics: [MetricDefinition]

  /// Metrics in one file.
  public static let countMax = 50

  /// - throws: ``ExperimentError`` when metrics contradict each other.
  public init(_ metrics: [MetricDefinition]) throws(ExperimentError) {
    self.metrics = metrics
    try validate()
  }

  /// Reads a `metrics.yaml`.
  ///
  /// - throws: ``ExperimentError`` with the file's name when it can't be read or isn't valid.
  public init(contentsOf file: URL) throws(ExperimentError) {
    let data: Data
    do { data = try Data(contentsOf: file) } catch {
      throw ExperimentError("\(file.path): can't be read (\(error.localizedDescription))")
    }
    do { try self.init(yaml: data) } catch { throw ExperimentError("\(file.path): \(error.description)") }
  }

  /// Reads the text of a `metrics.yaml`.
  public init(yaml data: Data) throws(ExperimentError) {
    do { self = try YAMLDecoder().decode(Self.self, from: data) } catch let error as ExperimentError {
      throw error
    } catch {
      throw ExperimentError((error as? DecodingError)?.reason ?? "not YAML: \(error)")
    }
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case metrics
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    try self.init(try values.decode([MetricDefinition].self, forKey: .metrics))
  }

  /// The metric called `name`.
  public func metric(_ name: String) -> MetricDefinition? {
    metrics.first { $0.name == name }
  }

  /// The metrics that stop an arm that makes them worse.
  public var guardrails: [MetricDefinition] { metrics.filter { $0.harmMax != nil } }

  private func validate() throws(ExperimentError) {
    guard (1...Self.countMax).contains(metrics.count) else {
      throw ExperimentError("\(metrics.count) metrics; there must be 1 to \(Self.countMax)")
    }
    guard Set(metrics.map(\.name)).count == metrics.count else {
      throw ExperimentError("two metrics have the same name; rename one")
    }
    for metric in metrics {
      try requireName(metric.name, of: "a metric")
      if metric.role == .guardrail, metric.harmMax == nil {
        throw ExperimentError("the guardrail '\(metric.name)' needs a 'harm_max', such as 0.05")
      }
      if let harm = metric.harmMax, !(harm >= 0 && harm.isFinite) {
        throw ExperimentError("the 'harm_max' of '\(metric.name)' must be 0 or more, but is \(harm)")
      }
    }
  }
}
