/// What is wrong with one line or record; the ones after it are still good.
public struct LineError: Error, CustomStringConvertible, Equatable, Sendable {
  /// What is wrong and what to do, without the line's number.
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}
