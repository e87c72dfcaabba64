import Features

/// Weights that features share with those of the same fields that are seen about as often.
///
/// Rare values have something in common, and new ones are the rarest: what they share is learnt beside the weights of
/// their own, and then becomes part of these and, for new values, of the intercept. An example counts how often the
/// others have its features, as it will be for those to come. Says nothing of a click: only features are counted.
struct FrequencyWeights: Sendable {
  /// Classes of frequency: 0, 1, 3, 7, … other examples and more.
  static let classCount = 13

  private let index: FeatureIndex
  /// Examples that have each coordinate.
  private let counts: [Int]
  private let templateCount: Int

  /// The frequencies among the examples `numbers`.
  init(_ index: FeatureIndex, _ examples: EncodedExamples, _ numbers: [Int]) {
    self.index = index
    templateCount = index.schema.templates.count
    var counts = [Int](repeating: 0, count: index.count)
    for number in numbers {
      examples.withExample(number) { for coordinate in $0 { counts[Int(coordinate)] += 1 } }
    }
    self.counts = counts
  }

  /// Coordinates after those of the index.
  var weightCount: Int { templateCount * Self.classCount }

  /// The examples, with a shared coordinate for every template in those of `numbers`; a missing value is a new one.
  func sharing(_ examples: EncodedExamples, _ numbers: [Int]) -> EncodedExamples {
    var isLearnt = [Bool](repeating: false, count: examples.count)
    for number in numbers { isLearnt[number] = true }
    var sharing = EncodedExamples(
      exampleCount: examples.count, coordinateCount: examples.coordinates.count + numbers.count * templateCount)
    var row: [UInt32] = []
    for number in 0..<examples.count {
      row.removeAll(keepingCapacity: true)
      examples.withExample(number) { row.append(contentsOf: $0) }
      if isLearnt[number] { row += sharedCoordinates(row) }
      sharing.append(row, label: examples.labels[number])
    }
    return sharing
  }

  /// Makes the shared weights part of the others: those of new values of the offset, the difference to them of the rest.
  func fold(into fitted: inout AveragedWeights) {
    let shared = Array(fitted.weights[index.count...])
    fitted.weights.removeSubrange(index.count...)
    for coordinate in fitted.weights.indices {
      guard let template = template(of: coordinate) else { continue }
      let first = template * Self.classCount
      fitted.weights[coordinate] += shared[first + Self.frequencyClass(counts[coordinate])] - shared[first]
    }
    for template in 0..<templateCount { fitted.offset += shared[template * Self.classCount] }
  }

  private func sharedCoordinates(_ row: [UInt32]) -> [UInt32] {
    var classes = [Int](repeating: 0, count: templateCount)
    for coordinate in row {
      guard let template = template(of: Int(coordinate)) else { continue }
      classes[template] = Self.frequencyClass(counts[Int(coordinate)] - 1)
    }
    return classes.enumerated().map { UInt32(index.count + $0 * Self.classCount + $1) }
  }

  /// The template of a coordinate, `nil` for the intercept and slots.
  private func template(of coordinate: Int) -> Int? {
    let key = index.keys[coordinate]
    return key == 0 ? nil : FeatureIndex.parts(of: key).template
  }

  /// The class of a feature that `count` other examples have.
  private static func frequencyClass(_ count: Int) -> Int {
    min(Int.bitWidth - 1 - (count + 1).leadingZeroBitCount, classCount - 1)
  }
}
