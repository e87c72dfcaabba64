/// Why a request can't be understood or taken. The connection answers with `status` and closes, because the bytes that
/// follow can't be trusted to be a request.
struct ParseFailure: Error, Equatable {
  var status: Int
  /// For people, and without anything that the client sent.
  var detail: String

  init(_ status: Int, _ detail: String) {
    self.status = status
    self.detail = detail
  }

  static func malformed(_ detail: String) -> ParseFailure { ParseFailure(400, detail) }
}
