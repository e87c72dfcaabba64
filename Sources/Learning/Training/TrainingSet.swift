import Events
import Features
import Statistics

/// Examples to train on from scratch.
public struct TrainingSet: Sendable {
  public private(set) var columns: ExampleColumns
  public private(set) var window: DataWindow?

  public init(schema: Schema) {
    columns = ExampleColumns(schema: schema)
  }

  /// The examples of a store, live traffic and history, in the order in which their click windows ended.
  ///
  /// - parameter countMax: examples at most; the oldest are left out.
  /// - parameter faulty: stretches that are left out.
  /// - throws: an error of the store.
  public init(schema: Schema, store: Store, countMax: Int, faulty: [ReviewMark.Stretch] = []) throws {
    self.init(schema: schema)
    let last = try store.lastExample()
    try store.forEachExample(after: max(0, last - Int64(countMax)), through: last, traffic: [.live, .history]) {
      example in
      if !faulty.contains(where: { $0.contains(id: example.id, time: example.time) }) { append(example) }
    }
  }

  public var schema: Schema { columns.schema }

  public var count: Int { columns.count }

  /// Adds an example of the store. Examples come in the order of their ids.
  public mutating func append(_ example: Example) {
    columns.append(example)
    window.add(example: example.id, time: example.time, label: example.label)
  }

  /// Which examples to learn from and which to hold out, by number.
  func split(_ settings: TrainingSettings) -> (training: [Int], heldOut: [Int]) {
    switch settings.holdOut {
    case .latest:
      let first = count - Int((Double(count) * settings.holdOutShare).rounded())
      return (Array(0..<first), Array(first..<count))
    case .random:
      let isHeldOut = { (number: Int) in
        var generator = SeededGenerator(seed: UInt64(bitPattern: columns.ids[number]))
        return generator.nextUniform() < settings.holdOutShare
      }
      return ((0..<count).filter { !isHeldOut($0) }, (0..<count).filter(isHeldOut))
    }
  }
}
