/// Examples as coordinates, one after the other in flat arrays: what several passes read.
public struct EncodedExamples: Sendable {
  /// Coordinates of all examples, end to end.
  public private(set) var coordinates: [UInt32] = []
  /// Where each example's coordinates begin, and at last where they end.
  public private(set) var starts: [Int] = [0]
  public private(set) var labels: [Bool] = []
  /// The largest coordinate.
  private(set) var coordinateMax: UInt32 = 0
  /// Coordinates of the example that has the most.
  private(set) var featureCountMax = 0

  public init() {}

  /// Room for as many examples, and coordinates of all of them.
  init(exampleCount: Int, coordinateCount: Int) {
    coordinates.reserveCapacity(coordinateCount)
    starts.reserveCapacity(exampleCount + 1)
    labels.reserveCapacity(exampleCount)
  }

  public var count: Int { labels.count }

  public mutating func append(_ example: [UInt32], label: Bool) {
    coordinates.append(contentsOf: example)
    for coordinate in example where coordinate > coordinateMax { coordinateMax = coordinate }
    featureCountMax = max(featureCountMax, example.count)
    starts.append(coordinates.count)
    labels.append(label)
  }

  /// Calls `body` with coordinates, starts and labels, for loops over many examples.
  @inline(__always)
  func withUnsafePointers<Result>(
    _ body: (UnsafePointer<UInt32>, UnsafePointer<Int>, UnsafePointer<Bool>) -> [Result]
  ) -> [Result] {
    coordinates.withUnsafeBufferPointer { coordinates in
      starts.withUnsafeBufferPointer { starts in
        labels.withUnsafeBufferPointer { labels in
          guard let coordinates = coordinates.baseAddress, let starts = starts.baseAddress,
            let labels = labels.baseAddress
          else { return [] }
          return body(coordinates, starts, labels)
        }
      }
    }
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

  /// The same examples without the coordinates that fewer than `countMin` of them have.
  func admitting(_ countMin: Int) -> EncodedExamples {
    var counts: [Int] = []
    for coordinate in coordinates {
      let missing = Int(coordinate) + 1 - counts.count
      if missing > 0 { counts += repeatElement(0, count: missing) }
      counts[Int(coordinate)] += 1
    }
    var admitted = EncodedExamples(exampleCount: count, coordinateCount: coordinates.count)
    for number in 0..<count {
      let mine = coordinates[starts[number]..<starts[number + 1]]
      admitted.append(
        mine.filter { $0 == FeatureIndex.intercept || counts[Int($0)] >= countMin }, label: labels[number])
    }
    return admitted
  }
}
