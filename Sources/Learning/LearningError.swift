/// Why learning, importing or deploying stopped, and what to do about it.
public struct LearningError: Error, CustomStringConvertible, Equatable {
  public let code: Code
  public let description: String

  /// What to branch on.
  public enum Code: String, Sendable, Codable {
    /// A label, weight or prediction isn't a finite number of its range.
    case nonFinite
    /// A mapping file says something impossible.
    case invalidMapping
    /// The operating system refused to read or write a file.
    case inaccessibleFile
    /// A file is torn, truncated, altered, or of another kind.
    case damagedFile
    /// The state was learnt with another schema or other settings.
    case otherSchema
    /// A model with this id doesn't exist.
    case unknownModel
    /// A model with this id exists already.
    case duplicateModel
    /// There is nothing to learn from, or to score.
    case noExamples
    /// A setting lies outside its range.
    case invalidSetting
    /// There is more than a named limit allows.
    case limitReached
  }

  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
