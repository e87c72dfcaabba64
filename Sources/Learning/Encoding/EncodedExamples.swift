/// Examples as coordinates, one after the other in flat arrays: what several passes read.
public struct EncodedExamples: Sendable {
  /// Coordinates of all examples, end to end.
  public private(set) var coordinates: [UInt32] = []
  /// Where each example's coordinates begin, and at last where they end.
  public private(set) var starts: [Int] = [0]
  public private(set) var labels: [Bool] = []

  public init() {}

  public var count: Int { labels.count }

  public mutating func append(_ example: [UInt32], label: Bool) {
    coordinates.append(contentsOf: example)
    starts.append(coordinates.count)
    labels.append(label)
  }

  /// Calls `body` with the coordinates of example `number`.
  @inline(__always)
  func withExample<Result, Failure: Error>(
    _ number: Int, _ body: (UnsafeBufferPointer<UInt32>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try coordinates.withUnsafeBufferPointer { all throws(Failure) in
      try body(.init(rebasing: all[starts[number]..<starts[number + 1]]))
    }
  }
}
