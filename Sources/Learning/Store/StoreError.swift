/// Why the store can't be used, and what to do.
public struct StoreError: Error, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}
