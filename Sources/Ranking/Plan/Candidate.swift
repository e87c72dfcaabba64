import Catalog
import Features

/// An ad that was scored exactly; the lesser one is the worse.
struct Candidate: Comparable {
  let score: Double
  let row: Int
  /// Ascends with the id, but for ads added between the same two of the snapshot.
  let order: Int
  /// The ad when it was added after the snapshot.
  let added: AddedAd?
  /// At slot 1.
  let ctr: Double
  /// At slot 1.
  let logit: Double

  static func == (first: Candidate, second: Candidate) -> Bool {
    first.row == second.row && first.score == second.score
  }

  /// Of equal scores the larger id is the worse.
  static func < (first: Candidate, second: Candidate) -> Bool {
    guard first.score == second.score else { return first.score < second.score }
    guard first.order == second.order, let left = first.added, let right = second.added else {
      return first.order > second.order
    }
    return ExactText(left.ad.id) > ExactText(right.ad.id)
  }
}
