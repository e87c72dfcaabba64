import Events
import Foundation
import HTTPServer
import HTTPTypes
import Learning

/// Answers of /admin.
enum AdminJSON {
  /// `value` as JSON.
  static func response(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return .json(Array(try encoder.encode(value)), status: status)
  }

  /// Runs `body`; what the caller did wrong becomes a problem that says so.
  static func answering(_ body: () throws -> Response) throws -> Response {
    do { return try body() } catch let error as LearningError {
      let isUnknown = error.code == .unknownModel
      throw Problem(
        isUnknown ? .notFound : .unprocessableContent, title: isUnknown ? "No such model" : "Not possible",
        detail: "\(error)")
    }
  }
}
