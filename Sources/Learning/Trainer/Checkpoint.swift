import Features
import Foundation
import Statistics

/// The file of an ``OnlineLearner``: everything needed to go on bit for bit.
///
/// All numbers are little-endian, counts and ids 64 bits, text is UTF-8 behind its byte count:
///
///     magic          8 bytes "ADLFTRL1"
///     schema         text: SHA-256 of the features file, in hexadecimal
///     head           text: JSON of settings, data window, cursor, limit of coordinates
///     values         for each context field, then each ad attribute: count, texts in the order of their codes
///     coordinates    count, then for each: key (0 for intercept and slots)
///     states         count, then for each: z, n as doubles
///     recent         count, then for each: example, probability as double, label (0 or 1, 8 bytes)
///     checksum       32 bytes: SHA-256 of all before
public enum Checkpoint {
  private static let magic = Array("ADLFTRL1".utf8)

  private struct Head: Codable {
    var settings: FTRLSettings
    var window: DataWindow?
    var cursor: Int64
    var coordinateCountMax: Int
  }

  /// The bytes of a learner's state.
  public static func encode(_ learner: OnlineLearner) throws -> Data {
    let index = learner.encoder.index
    var writer = StateWriter(magic)
    writer.put(index.schema.sha256)
    let head = Head(
      settings: learner.ftrl.settings, window: learner.window, cursor: learner.cursor,
      coordinateCountMax: index.coordinateCountMax)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    writer.put(String(decoding: try encoder.encode(head), as: UTF8.self))
    for field in index.fields {
      writer.put(field.values.count)
      for value in field.values { writer.put(value) }
    }
    writer.put(index.keys.count)
    for key in index.keys { writer.put(key) }
    writer.put(learner.ftrl.states.count)
    for state in learner.ftrl.states {
      writer.put(state.z)
      writer.put(state.n)
    }
    let recent = learner.recent.ordered
    writer.put(recent.count)
    for entry in recent {
      writer.put(Int(entry.example))
      writer.put(entry.probability)
      writer.put(entry.label ? 1 : 0)
    }
    return writer.finish()
  }

  /// The learner that `data` describes.
  ///
  /// - throws: ``LearningError/Code/otherSchema`` when it was learnt with another features file,
  ///   ``LearningError/Code/damagedFile`` when the bytes aren't a whole state.
  public static func decode(_ data: Data, schema: Schema) throws(LearningError) -> OnlineLearner {
    var reader = try StateReader(data, magic: magic)
    guard try reader.text() == schema.sha256 else {
      throw LearningError(.otherSchema, "the trainer's state was learnt with another features file; it starts afresh")
    }
    let headText = try reader.text()
    guard let head = try? JSONDecoder().decode(Head.self, from: Data(headText.utf8)) else {
      throw StateReader.damaged("its head can't be read")
    }
    let index = try index(&reader, schema: schema, coordinateCountMax: head.coordinateCountMax)
    let states = try reader.list { reader throws(LearningError) in
      FTRLProximal.Coordinate(z: try reader.double(), n: try reader.double())
    }
    var learner = OnlineLearner(
      encoder: ExampleEncoder(index: index), ftrl: try FTRLLearner(settings: head.settings, states: states))
    let entries = try reader.list { reader throws(LearningError) in
      PredictionWindow.Entry(
        example: Int64(try reader.integer()), probability: try reader.double(), label: try reader.integer() == 1,
        isProvisional: false)
    }
    for entry in entries { learner.recent.append(entry) }
    learner.window = head.window
    learner.cursor = head.cursor
    guard states.count <= index.count, reader.isAtEnd else { throw StateReader.damaged("its parts don't fit together") }
    return learner
  }

  private static func index(
    _ reader: inout StateReader, schema: Schema, coordinateCountMax: Int
  ) throws(LearningError) -> FeatureIndex {
    var index = FeatureIndex(schema: schema, coordinateCountMax: coordinateCountMax)
    for field in index.fields.indices {
      index.restore(values: try reader.list { reader throws(LearningError) in try reader.text() }, field: field)
    }
    let keys = try reader.list { reader throws(LearningError) in try reader.word() }
    guard keys.starts(with: index.keys), keys.dropFirst(index.count).allSatisfy({ index.isPossible(key: $0) }) else {
      throw StateReader.damaged("its coordinates don't fit the features file")
    }
    for key in keys.dropFirst(index.count) { index.append(key: key) }
    guard index.isConsistent else { throw StateReader.damaged("a feature appears twice") }
    return index
  }
}
