/// A part of the traffic: everything, some values of one dimension, or one value of each of several dimensions.
struct CausePlace: Hashable {
  struct Term: Hashable {
    let dimension: Int
    /// Ascending.
    let codes: [Int]
  }

  static let everywhere = CausePlace(terms: [])

  /// Ascending by dimension.
  let terms: [Term]

  var isSingleValue: Bool { terms.count == 1 && terms[0].codes.count == 1 }
}

extension CausePlace {
  init(dimension: Int, code: Int) {
    terms = [Term(dimension: dimension, codes: [code])]
  }

  init(dimension: Int, codes: [Int]) {
    terms = [Term(dimension: dimension, codes: codes.sorted())]
  }

  init(_ first: (dimension: Int, code: Int), _ second: (dimension: Int, code: Int)) {
    terms = [first, second].sorted { $0.dimension < $1.dimension }
      .map { Term(dimension: $0.dimension, codes: [$0.code]) }
  }
}
