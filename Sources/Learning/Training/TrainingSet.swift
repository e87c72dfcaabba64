import Events
import Features
import Statistics

/// Encoded examples to train on from scratch.
public struct TrainingSet: Sendable {
  public private(set) var encoder: ExampleEncoder
  public private(set) var examples = EncodedExamples()
  public private(set) var window: DataWindow?
  private var ids: [Int64] = []
  private var coordinates: [UInt32] = []

  public init(schema: Schema, coordinateCountMax: Int = FeatureIndex.coordinateCountDefault) {
    encoder = ExampleEncoder(index: FeatureIndex(schema: schema, coordinateCountMax: coordinateCountMax))
  }

  /// The examples of a store, live traffic and history, in the order in which their click windows ended.
  ///
  /// - parameter countMax: examples at most; the oldest are left out.
  /// - throws: an error of the store.
  public init(
    schema: Schema, store: Store, countMax: Int, coordinateCountMax: Int = FeatureIndex.coordinateCountDefault
  ) throws {
    self.init(schema: schema, coordinateCountMax: coordinateCountMax)
    let last = try store.lastExample()
    try store.forEachExample(after: max(0, last - Int64(countMax)), through: last, traffic: [.live, .history]) {
      append($0)
    }
  }

  /// Encodes an example of the store. Examples come in the order of their ids.
  public mutating func append(_ example: Example) {
    encoder.encode(
      contextText: example.contextText, attributesText: example.attributesText, slot: example.slot, into: &coordinates)
    examples.append(coordinates, label: example.label)
    window.add(example: example.id, time: example.time, label: example.label)
    ids.append(example.id)
  }

  /// Which examples to learn from and which to hold out, by number.
  func split(_ settings: TrainingSettings) -> (training: [Int], heldOut: [Int]) {
    let count = examples.count
    switch settings.holdOut {
    case .latest:
      let first = count - Int((Double(count) * settings.holdOutShare).rounded())
      return (Array(0..<first), Array(first..<count))
    case .random:
      let isHeldOut = { (number: Int) in
        var generator = SeededGenerator(seed: UInt64(bitPattern: ids[number]))
        return generator.nextUniform() < settings.holdOutShare
      }
      return ((0..<count).filter { !isHeldOut($0) }, (0..<count).filter(isHeldOut))
    }
  }
}
