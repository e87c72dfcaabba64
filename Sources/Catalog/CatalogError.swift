/// Why an ad or a file was turned away, and what to do.
public struct CatalogError: Error, CustomStringConvertible, Equatable {
  public let code: Code
  public let description: String

  /// What to branch on.
  public enum Code: Sendable {
    /// The ad, or the line that should hold one, says something impossible.
    case invalidAd
    /// The catalog has an ad with this id already.
    case duplicateID
    /// The catalog has no ad with this id.
    case unknownAd
    /// A named limit of the catalog is reached.
    case limitReached
    /// The operating system refused to read or write a file.
    case inaccessibleFile
    /// The file isn't what its name or place says it is.
    case foreignFile
    /// The file is what it should be, but torn, truncated or altered.
    case damagedFile
    /// Another process put another file in its place.
    case replacedFile
    /// A strict import met a bad line.
    case rejectedImport
  }

  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
