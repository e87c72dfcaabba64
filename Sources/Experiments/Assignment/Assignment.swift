/// That a request is in one arm of one experiment.
public struct Assignment: Sendable, Equatable {
  public let experiment: String
  public let arm: String
  /// What the arm changes.
  public let changes: ArmSettings
  /// The arm was asked for, to check it: it is in force but must not be counted.
  public let isForced: Bool

  /// What the answer, the token and the log carry: the arm's name, after ``forcedPrefix`` when it was forced.
  public var recordedArm: String { isForced ? Self.forcedPrefix + arm : arm }

  /// No arm's name can hold the colon, so a report never counts a forced arm.
  public static let forcedPrefix = "forced:"
}

extension [Assignment] {
  /// Experiment name to recorded arm, as the answer of /rank and the token carry it.
  public var recordedArms: [String: String] {
    var arms: [String: String] = [:]
    for assignment in self { arms[assignment.experiment] = assignment.recordedArm }
    return arms
  }
}
