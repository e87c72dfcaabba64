/// One change of a catalog.
public enum CatalogChange: Sendable, Equatable {
  /// The ad takes the place of the one with its id, if there is one.
  case put(Ad)
  case delete(id: String)

  /// Id of the ad that changes.
  public var id: String {
    switch self {
    case .put(let ad): ad.id
    case .delete(let id): id
    }
  }
}

extension CatalogChange {
  /// `{"put":{…}}` or `{"delete":"id"}`.
  func appendJSON(to bytes: inout [UInt8]) {
    switch self {
    case .put(let ad):
      bytes += #"{"put":"#.utf8
      ad.appendJSON(to: &bytes)
    case .delete(let id):
      bytes += #"{"delete":"#.utf8
      bytes.appendJSON(id)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  init(json: JSONValue) throws(CatalogError) {
    let members = try json.members("a change")
    switch (members.first?.name, members.first?.value) {
    case ("put", let ad?): self = .put(try Ad(json: ad))
    case ("delete", let id?): self = .delete(id: try id.text("a deleted id"))
    default: throw CatalogError(.damagedFile, "a change is neither put nor delete")
    }
  }
}
