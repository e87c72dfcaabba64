import Statistics

/// Vectors of values: the logit gets the product of the sum of the context's vectors and the sum of the ad's.
///
/// That is a factorization machine (Rendle 2010) of the pairs of a context's and an ad's value. Learnt by AdaGrad.
struct Factors: Sendable {
  let vocabulary: FactorVocabulary
  let settings: FactorSettings
  /// Row by row.
  private(set) var vectors: [Double]
  private var squares: [Double]
  /// Sums of the vectors of the example last scored.
  private var context: [Double]
  private var ad: [Double]

  /// What gradients squared start at, which damps the first steps.
  private static let squareStart = 0.01
  /// Standard deviation of the vectors at the start.
  private static let deviation = 0.05

  init(_ vocabulary: FactorVocabulary, settings: FactorSettings, seed: UInt64) {
    self.vocabulary = vocabulary
    self.settings = settings
    var generator = SeededGenerator(seed: seed)
    let count = vocabulary.rowCount * settings.dimension
    vectors = (0..<count).map { _ in generator.nextNormal() * Self.deviation }
    squares = [Double](repeating: Self.squareStart, count: count)
    context = [Double](repeating: 0, count: settings.dimension)
    ad = context
  }

  /// What an example's vectors add to its log-odds.
  mutating func score(_ number: Int) -> Double {
    context = sum(number, vocabulary.contextFields)
    ad = sum(number, vocabulary.adFields)
    return (0..<settings.dimension).reduce(0) { $0 + context[$1] * ad[$1] }
  }

  /// Learns the example last scored, by the gradient of its loss in the log-odds.
  mutating func learn(_ number: Int, gradient: Double) {
    step(number, vocabulary.contextFields, toward: ad, gradient)
    step(number, vocabulary.adFields, toward: context, gradient)
  }

  private func sum(_ number: Int, _ fields: Range<Int>) -> [Double] {
    var sum = [Double](repeating: 0, count: settings.dimension)
    for field in fields {
      guard let row = vocabulary.row(of: number, field: field) else { continue }
      for place in sum.indices { sum[place] += vectors[row * settings.dimension + place] }
    }
    return sum
  }

  private mutating func step(_ number: Int, _ fields: Range<Int>, toward other: [Double], _ gradient: Double) {
    for field in fields {
      guard let row = vocabulary.row(of: number, field: field) else { continue }
      for place in other.indices {
        let index = row * settings.dimension + place
        let slope = gradient * other[place] + settings.l2 * vectors[index]
        squares[index] += slope * slope
        vectors[index] -= settings.rate * slope / squares[index].squareRoot()
      }
    }
  }

  /// The same with other vectors.
  func with(vectors: [Double]) -> Factors {
    var other = self
    other.vectors = vectors
    return other
  }

  /// The product of two rows' vectors.
  func product(_ first: UInt32, _ second: UInt32) -> Double {
    let (left, right) = (Int(first) * settings.dimension, Int(second) * settings.dimension)
    return (0..<settings.dimension).reduce(0) { $0 + vectors[left + $1] * vectors[right + $1] }
  }
}
