import Catalog
import HTTPServer
import HTTPTypes

/// Reads JSON that clients sent, by hand where the answer must name what is wrong.
enum JSONBody {
  /// The members of the object that `body` is, names distinct.
  static func object(_ body: [UInt8]) throws -> [JSONValue.Member] {
    guard case .object(let members) = try value(body) else { throw problem("the body must be a JSON object") }
    return members
  }

  /// The value that `body` is.
  ///
  /// - parameter allowsRepeatedNames: whether objects may name a member twice, for callers who tell of it themselves.
  static func value(_ body: [UInt8], allowsRepeatedNames: Bool = false) throws -> JSONValue {
    guard !body.isEmpty else { throw problem("the body is empty; send JSON") }
    do { return try JSONValue(parsing: body[...], allowsRepeatedNames: allowsRepeatedNames) } catch {
      throw problem("\(error)")
    }
  }

  static func string(_ value: JSONValue, _ name: String) throws -> String {
    guard case .string(let text) = value else { throw problem("'\(name)' must be a string") }
    return text
  }

  static func strings(_ value: JSONValue, _ name: String) throws -> [String] {
    guard case .array(let elements) = value else { throw problem("'\(name)' must be an array of strings") }
    return try elements.map {
      guard case .string(let text) = $0 else { throw problem("'\(name)' must be an array of strings") }
      return text
    }
  }

  static func boolean(_ value: JSONValue, _ name: String) throws -> Bool {
    guard case .bool(let truth) = value else { throw problem("'\(name)' must be true or false") }
    return truth
  }

  static func integer(_ value: JSONValue, _ name: String) throws -> Int {
    guard case .number(let text) = value, let integer = Int(text) ?? Double(text).flatMap(Int.init(exactly:)) else {
      throw problem("'\(name)' must be a whole number")
    }
    return integer
  }

  /// The number nearest to the text, ties to even.
  static func number(_ value: JSONValue, _ name: String) throws -> Double {
    guard case .number(let text) = value, let number = Double(text), number.isFinite else {
      throw problem("'\(name)' must be a number")
    }
    return number
  }

  /// The text of a string, number (as it was written) or boolean; `nil` for null.
  static func scalar(_ value: JSONValue, _ name: String) throws -> String? {
    if value == .null { return nil }
    guard let text = value.scalarText else { throw problem("'\(name)' must hold strings, numbers or booleans") }
    return text
  }

  private static func problem(_ detail: String) -> Problem {
    Problem(.badRequest, title: "Invalid JSON", detail: detail)
  }
}
