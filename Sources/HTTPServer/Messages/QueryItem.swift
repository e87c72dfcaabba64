/// One `name=value` of a query, form-decoded.
public struct QueryItem: Sendable, Equatable {
  public var name: String
  /// Empty when there was no equals sign.
  public var value: String

  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}
