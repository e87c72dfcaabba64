/// Why experiments can't be read, assigned or analysed, and what to change.
public struct ExperimentError: Error, CustomStringConvertible, Equatable {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}
