import Statistics

/// A made-up advertiser.
struct GeneratedAdvertiser: Sendable {
  /// Unique: a brand and a number.
  let name: String
  let brand: String
  let category: Vocabulary.Category
  /// How much more than usual in its trade it pays a click, as a logarithm.
  let bidOffset: Double

  init(number: Int, _ generator: inout SeededGenerator) {
    brand = generator.pick(Vocabulary.brandBeginnings) + generator.pick(Vocabulary.brandEndings)
    name = "\(brand.lowercased())-\(number)"
    category = generator.pickCategory()
    bidOffset = 0.4 * generator.nextNormal()
  }
}

extension SeededGenerator {
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int(nextUniform() * Double(elements.count))]
  }

  mutating func pickCategory() -> Vocabulary.Category {
    Vocabulary.categories[nextCategory(weights: Vocabulary.categories.map(\.weight)) ?? 0]
  }
}
