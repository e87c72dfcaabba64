import Foundation
import Yams

extension Arm {
  /// Reads an arm as it is written in one line: `NAME`, or `NAME:KEY=VALUE,…` with `weight` and settings, of which those of
  /// exploration are `exploration.share` and so on.
  ///
  /// - throws: ``ExperimentError`` that names a key nobody reads or a value of the wrong type.
  public init(argument text: String) throws(ExperimentError) {
    let (name, rest) = Self.split(text, at: ":")
    var arm = Node.Mapping([(Node("name"), Node(name, .implicit, .doubleQuoted))])
    var changes = Node.Mapping([])
    for pair in rest.split(separator: ",") {
      let (key, value) = Self.split(String(pair), at: "=")
      guard !value.isEmpty else { throw ExperimentError("the arm '\(name)' has '\(pair)'; write setting=value") }
      let path = key.split(separator: ".").map(String.init)
      if key == "weight" {
        arm["weight"] = Node(value)
      } else if path.count == 2 {
        var inner = changes[Node(path[0])]?.mapping ?? Node.Mapping([])
        inner[Node(path[1])] = Node(value)
        changes[Node(path[0])] = .mapping(inner)
      } else {
        changes[Node(key)] = Node(value)
      }
    }
    arm["changes"] = .mapping(changes)
    do { self = try YAMLDecoder().decode(Arm.self, from: .mapping(arm)) } catch {
      throw ExperimentError("the arm '\(name)': \((error as? DecodingError)?.reason ?? "\(error)")")
    }
  }

  private static func split(_ text: String, at separator: Character) -> (String, String) {
    guard let index = text.firstIndex(of: separator) else { return (text, "") }
    return (String(text[..<index]), String(text[text.index(after: index)...]))
  }
}
