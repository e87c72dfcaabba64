import HTTPServer
import HTTPTypes

/// Who sent events, as far as the request tells.
struct EventSender: Sendable, Equatable {
  var userAgent = ""
  /// The client's address, without a port; empty when unknown.
  var address = ""
  /// Whether a browser says that it only loads the link in advance.
  var isPrefetching = false

  init(userAgent: String = "", address: String = "", isPrefetching: Bool = false) {
    self.userAgent = userAgent
    self.address = address
    self.isPrefetching = isPrefetching
  }

  init(_ request: Request) {
    userAgent = request.field(.userAgent) ?? ""
    address = request.peerAddress
    isPrefetching = Self.purposeFields.contains {
      request.field($0)?.lowercased().contains("prefetch") == true
    }
  }

  private static let purposeFields = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"].compactMap {
    HTTPField.Name($0)
  }
}
