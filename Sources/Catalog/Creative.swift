/// What the reader sees of an ad, and where a click leads.
public struct Creative: Codable, Sendable, Equatable {
  public var title: String
  /// Address of the picture, empty for none.
  public var image: String
  /// Landing page, an http or https address; empty when a click leads nowhere.
  public var url: String

  public init(title: String = "", image: String = "", url: String = "") {
    self.title = title
    self.image = image
    self.url = url
  }
}
