/// What went wrong between a client and the server, and what to do.
public struct ClientError: Error, CustomStringConvertible {
  public let description: String
  /// Whether the connection ended, which a server may do between two requests.
  let isEnd: Bool

  init(_ description: String, isEnd: Bool = false) {
    self.description = description
    self.isEnd = isEnd
  }
}
