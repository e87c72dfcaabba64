/// A sum that keeps the digits a plain sum of doubles loses: its error doesn't grow with the number of terms.
///
/// Neumaier 1974, the improved Kahan–Babuška summation. A term costs a few additions.
public struct NeumaierSum: Sendable {
  @usableFromInline var sum = 0.0
  @usableFromInline var lost = 0.0

  @inlinable public init() {}

  /// The sum of `terms`, 0 for none.
  @inlinable public init(_ terms: some Sequence<Double>) {
    for term in terms { add(term) }
  }

  @inlinable public mutating func add(_ term: Double) {
    let next = sum + term
    lost += sum.magnitude >= term.magnitude ? (sum - next) + term : (term - next) + sum
    sum = next
  }

  @inlinable public mutating func merge(_ other: Self) {
    add(other.sum)
    add(other.lost)
  }

  /// The sum so far; infinite or NaN when a term was.
  @inlinable public var value: Double { sum.isFinite ? sum + lost : sum }
}
