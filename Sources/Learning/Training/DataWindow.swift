import Events

/// Which examples a model learnt.
public struct DataWindow: Codable, Sendable, Equatable {
  /// Ids of the first and the last example in the store.
  public private(set) var firstExample: Int64
  public private(set) var lastExample: Int64
  public private(set) var firstTime: Milliseconds
  public private(set) var lastTime: Milliseconds
  public private(set) var exampleCount = 0
  public private(set) var clickCount = 0

  /// The window of one example.
  public init(example: Int64, time: Milliseconds, label: Bool) {
    (firstExample, lastExample, firstTime, lastTime) = (example, example, time, time)
    exampleCount = 1
    clickCount = label ? 1 : 0
  }

  /// Takes another example in.
  public mutating func add(example: Int64, time: Milliseconds, label: Bool) {
    firstExample = min(firstExample, example)
    lastExample = max(lastExample, example)
    firstTime = min(firstTime, time)
    lastTime = max(lastTime, time)
    exampleCount += 1
    clickCount += label ? 1 : 0
  }
}

extension DataWindow? {
  /// Takes an example in, the first one too.
  mutating func add(example: Int64, time: Milliseconds, label: Bool) {
    guard self != nil else {
      self = DataWindow(example: example, time: time, label: label)
      return
    }
    self?.add(example: example, time: time, label: label)
  }
}
