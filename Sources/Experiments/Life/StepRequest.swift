import Foundation
import Yams

/// What is asked of an experiment from outside, as JSON or YAML: the fields that its step needs, with who and why.
public struct StepRequest: Decodable, Sendable, Equatable {
  public let who: String?
  public let why: String?
  public let share: Double?
  public let arm: String?
  /// What to create.
  public let experiment: Experiment?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case who, why, share, arm, experiment
  }

  /// - throws: ``ExperimentError`` that names a field nobody reads or one of the wrong type.
  public init(yaml data: Data) throws(ExperimentError) {
    do { self = try YAMLDecoder().decode(Self.self, from: data) } catch {
      throw ExperimentError((error as? DecodingError)?.reason ?? "neither JSON nor YAML: \(error)")
    }
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    who = try values.decodeIfPresent(String.self, forKey: .who)
    why = try values.decodeIfPresent(String.self, forKey: .why)
    share = try values.decodeIfPresent(Double.self, forKey: .share)
    arm = try values.decodeIfPresent(String.self, forKey: .arm)
    experiment = try values.decodeIfPresent(Experiment.self, forKey: .experiment)
  }

  /// - throws: ``ExperimentError`` when the request lacks `value`, its field `name`.
  public func require<Value>(_ value: Value?, _ name: String) throws(ExperimentError) -> Value {
    guard let value else { throw ExperimentError("the body needs '\(name)'") }
    return value
  }
}
