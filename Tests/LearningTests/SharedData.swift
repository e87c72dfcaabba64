import Features
import Foundation
import Learning

/// Real click data beside the package, for tests that run only where it exists.
enum SharedData {
  static let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let folder = packageRoot.deletingLastPathComponent().appendingPathComponent("shared/data")
  static let exists = FileManager.default.fileExists(atPath: folder.appendingPathComponent("ftrl_reference.json").path)

  /// The shipped schema and mapping of a set.
  static func configuration(_ name: String) throws -> (schema: Schema, mapping: HistoryMapping) {
    let datasets = packageRoot.appendingPathComponent("config/datasets")
    return (
      try Schema(contentsOf: datasets.appendingPathComponent("\(name).features.yaml")),
      try HistoryMapping(contentsOf: datasets.appendingPathComponent("\(name).mapping.yaml"))
    )
  }

  /// All rows of a file as coordinates.
  static func examples(_ name: String, file: String) throws -> EncodedExamples {
    let (schema, mapping) = try configuration(name)
    let reader = try HistoryReader(folder.appendingPathComponent(file), mapping: mapping)
    var encoder = ExampleEncoder(index: FeatureIndex(schema: schema))
    var examples = EncodedExamples()
    var coordinates: [UInt32] = []
    while let row = try reader.next() {
      let record = try row.get()
      encoder.encode(
        context: record.context, attributes: record.attributes, slot: record.slot, into: &coordinates)
      examples.append(coordinates, label: record.clicked)
    }
    return examples
  }
}
