/// Why a model can't be used, and what to change.
public struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, to branch on.
  public enum Code: String, Sendable {
    /// The text isn't JSON, or a value has the wrong type.
    case malformed
    /// A key of the format is missing.
    case missingKey
    /// The file says another format number.
    case unknownFormat
    /// A weight names a field that the schema doesn't have.
    case unknownField
    /// A weight names a value that no request or ad can have.
    case impossibleValue
    /// A number is not finite or outside its range.
    case numberOutOfRange
    /// Two weights have the same fields and values.
    case duplicateWeight
    /// A slot is below 1 or named twice.
    case invalidSlot
    /// The calibration isn't an increasing curve.
    case invalidCalibration
    /// A named limit is passed.
    case limitReached
  }

  public let code: Code
  public let description: String

  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
