import Foundation

/// A file of reference vectors: inputs, expected results and tolerances of named functions.
public struct VectorFile: Decodable, Sendable {
  public struct Tolerance: Decodable, Sendable {
    public let rel: Double
    public let abs: Double
  }

  public struct Entry: Decodable, Sendable {
    public let id: String
    public let function: String
    public let inputs: [String: JSONValue]
    public let expected: JSONValue
    public let tolerance: Tolerance
  }

  public let entries: [Entry]

  public init(contentsOf url: URL) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
  }
}

extension VectorFile.Entry {
  /// How the function's result differs from the expected one, one line a place; empty when it passes.
  public func differences() -> [String] {
    guard let function = Functions.all[function] else { return ["unknown function \(function)"] }
    do {
      return expected.differences(from: try function(Inputs(fields: inputs)).json, tolerance, at: "")
    } catch InputError.undefined {
      return expected.differences(from: .null, tolerance, at: "")
    } catch {
      return ["\(error)"]
    }
  }
}

extension JSONValue {
  /// Numbers pass within the tolerance; integers that a function returns as such, and everything else, must be equal.
  fileprivate func differences(from got: JSONValue, _ tolerance: VectorFile.Tolerance, at path: String) -> [String] {
    switch (self, got) {
    case (.array(let expected), .array(let got)) where expected.count == got.count:
      return zip(expected, got).enumerated().flatMap { index, pair in
        pair.0.differences(from: pair.1, tolerance, at: "\(path)[\(index)]")
      }
    case (.object(let expected), .object(let got)) where Set(expected.keys) == Set(got.keys):
      return expected.keys.sorted().flatMap { key in
        expected[key, default: .null].differences(from: got[key, default: .null], tolerance, at: "\(path).\(key)")
      }
    case (.integer(let expected), .integer(let got)) where expected == got:
      return []
    case (.integer, .number(let got)), (.number, .number(let got)):
      let difference = (got - (number ?? .nan)).magnitude
      if difference <= tolerance.abs + tolerance.rel * (number ?? .nan).magnitude { return [] }
      return ["\(path) expected \(self), got \(got), off by \(difference)"]
    default:
      return self == got ? [] : ["\(path) expected \(self), got \(got)"]
    }
  }
}
