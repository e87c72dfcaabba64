import Foundation
import HTTPServer
import HTTPTypes

/// Reads JSON that clients sent, by hand where the answer must name what is wrong.
enum JSONBody {
  /// The object that `body` is.
  static func object(_ body: [UInt8]) throws -> [String: Any] {
    guard let object = try value(body) as? [String: Any] else { throw problem("the body must be a JSON object") }
    return object
  }

  /// The value that `body` is: an object or an array.
  static func value(_ body: [UInt8]) throws -> Any {
    guard !body.isEmpty else { throw problem("the body is empty; send JSON") }
    do { return try JSONSerialization.jsonObject(with: Data(body)) } catch {
      throw problem("the body isn't valid JSON")
    }
  }

  static func string(_ value: Any, _ name: String) throws -> String {
    guard let text = value as? String else { throw problem("'\(name)' must be a string") }
    return text
  }

  static func strings(_ value: Any, _ name: String) throws -> [String] {
    guard let texts = value as? [String] else { throw problem("'\(name)' must be an array of strings") }
    return texts
  }

  static func boolean(_ value: Any, _ name: String) throws -> Bool {
    guard let number = value as? NSNumber, isBoolean(number) else { throw problem("'\(name)' must be true or false") }
    return number.boolValue
  }

  static func integer(_ value: Any, _ name: String) throws -> Int {
    guard let number = value as? NSNumber, !isBoolean(number), let integer = Int(exactly: number.doubleValue) else {
      throw problem("'\(name)' must be a whole number")
    }
    return integer
  }

  static func number(_ value: Any, _ name: String) throws -> Double {
    guard let number = value as? NSNumber, !isBoolean(number), number.doubleValue.isFinite else {
      throw problem("'\(name)' must be a number")
    }
    return number.doubleValue
  }

  /// The text of a string, number or boolean; `nil` for null.
  static func scalar(_ value: Any, _ name: String) throws -> String? {
    switch value {
    case is NSNull: return nil
    case let text as String: return text
    case let number as NSNumber where isBoolean(number): return number.boolValue ? "true" : "false"
    case let number as NSNumber: return number.stringValue
    default: throw problem("'\(name)' must hold strings, numbers or booleans")
    }
  }

  /// JSON's true and false arrive as numbers whose Objective-C type is a char.
  private static func isBoolean(_ number: NSNumber) -> Bool {
    number.objCType.pointee == CChar(UInt8(ascii: "c"))
  }

  private static func problem(_ detail: String) -> Problem {
    Problem(.badRequest, title: "Invalid JSON", detail: detail)
  }
}
