import Foundation
import Yams

extension ExperimentConfiguration {
  /// The text of an `experiments.yaml` that reads as this very configuration: numbers keep every bit.
  public func yaml() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let node = try Yams.compose(yaml: String(decoding: try encoder.encode(self), as: UTF8.self)) else {
      return ""
    }
    let text = try Yams.serialize(node: Self.block(node), width: -1, allowUnicode: true)
    return "# Written by adloop. It takes the place of config/experiments.yaml, which says what each key means.\n"
      + text
  }

  /// The same in block style, with quotes only where they matter.
  private static func block(_ node: Node) -> Node {
    switch node {
    case .mapping(let mapping):
      .mapping(.init(mapping.map { (plain($0.key), block($0.value)) }, mapping.tag, mapping.isEmpty ? .flow : .block))
    case .sequence(let sequence):
      .sequence(.init(sequence.map(block), sequence.tag, sequence.isEmpty ? .flow : .block))
    case .scalar, .alias: node
    }
  }

  private static func plain(_ key: Node) -> Node {
    .scalar(.init(key.string ?? "", .implicit, .plain))
  }
}
