import Catalog
import Events

/// Ads laid out for the scans: those of a snapshot, or the ones added since. Its own numbers of ads are indices.
final class PlanPart: Sendable {
  /// By ad, the logit at slot 1 without what depends on the request.
  let logits: [Double]
  /// By ad, in currency units a click.
  let bids: Numbers<Double>
  /// By ad, the index of its targeting rule.
  let rules: Numbers<UInt32>
  /// For each cross with shared buckets the code of each ad; empty for the others.
  let sharedCodes: [[UInt32]]
  /// The ads when they were added after the snapshot; empty for those of the snapshot, whose index is their row.
  let added: [AddedAd]
  let revenueFace: Face
  let ctrFace: Face

  init(
    logits: [Double], bids: Numbers<Double>, rules: Numbers<UInt32>, sharedCodes: [[UInt32]], added: [AddedAd],
    revenueFace: Face, ctrFace: Face
  ) {
    self.logits = logits
    self.bids = bids
    self.rules = rules
    self.sharedCodes = sharedCodes
    self.added = added
    self.revenueFace = revenueFace
    self.ctrFace = ctrFace
  }

  func face(_ objective: Objective) -> Face { objective == .revenue ? revenueFace : ctrFace }

  var count: Int { logits.count }

  /// The place of an ad in the ranking of equals, and its row.
  func position(_ index: Int) -> (row: Int, order: Int, added: AddedAd?) {
    guard !added.isEmpty else { return (index, 2 * index + 1, nil) }
    return (added[index].row, 2 * added[index].baseRowsBefore, added[index])
  }

  /// Numbers that lie in a snapshot, or in an array of their own.
  enum Numbers<Number: Sendable>: @unchecked Sendable {
    case snapshot(UnsafeBufferPointer<Number>)
    case array([Number])

    subscript(index: Int) -> Number {
      switch self {
      case .snapshot(let numbers): numbers[index]
      case .array(let numbers): numbers[index]
      }
    }
  }
}
