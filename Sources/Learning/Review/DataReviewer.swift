import Events
import Features
import GRDB
import Ranking

/// Reviews the examples that no candidate was judged on so far, against those before.
struct DataReviewer {
  let store: Store
  let schema: Schema
  let limits: GateConfiguration

  /// Examples before the new ones that they are compared with, and new ones that are read; the latest.
  static let referenceCountMax: Int64 = 50_000
  static let freshCountMax: Int64 = 200_000
  /// Age at which an impression's label is taken for final, at least.
  private static let settledAfterMin: Milliseconds = 120_000

  /// Age at which an impression's label is taken for final: nearly all clicks have come by then.
  static func settledAfter(_ health: JoinHealth?) -> Milliseconds {
    max(settledAfterMin, health?.delayMilliseconds?.p99 ?? 0)
  }

  /// Reviews what lies behind `mark`.
  ///
  /// - parameter current: the live model, whose predictions the labels are compared with.
  /// - parameter settledBefore: impressions received before count although their click window is open.
  /// - returns: the mark to go on from, with what is wrong.
  func review(from mark: ReviewMark, current: Model?, settledBefore: Milliseconds) throws -> ReviewMark {
    var builder = BlockBuilder(schema: schema, model: current.flatMap { $0.weightCount > 0 ? $0 : nil })
    var next = mark
    let last = try store.lastExample()
    let first = max(mark.example, last - Self.freshCountMax)
    try store.forEachExample(
      after: max(0, mark.example - Self.referenceCountMax), through: mark.example, traffic: Self.traffic
    ) { builder.add($0) }
    let reference = builder.take()
    let seen = try store.impressions(ofExamplesAfter: first, through: last, beyond: mark.impression)
    try store.forEachExample(after: first, through: last, traffic: Self.traffic) { example in
      if seen.isNew(example.id) { builder.add(example) }
    }
    if seen.count < last - first {
      next.refusal = .truncatedWindow
      next.words =
        "the store lacks \(last - first - seen.count) of its examples; stop, delete store.sqlite, and it is rebuilt"
      return next
    }
    next.impression = max(next.impression, seen.last)
    try store.forEachProvisionalExample(after: next.impression, receivedBefore: settledBefore, traffic: [.live]) {
      builder.add($0, isOpen: true)
      next.impression = max(next.impression, $0.id)
    }
    next.example = last
    let review = DataReview(
      reference: reference, fresh: builder.take(), fieldNames: BlockBuilder.fieldNames(schema), limits: limits)
    if let fault = review.fault() {
      (next.refusal, next.words, next.stretch) = (fault.refusal, fault.words, fault.stretch)
      return next
    }
    guard review.hasPower else { return mark }
    (next.refusal, next.words, next.stretch) = (nil, nil, nil)
    return next
  }

  private static let traffic: [Traffic] = [.live, .history]
}

extension Store {
  /// Which of some examples belong to impressions after one, and the last impression among them.
  fileprivate func impressions(
    ofExamplesAfter first: Int64, through last: Int64, beyond impression: Int64
  ) throws -> (isNew: (Int64) -> Bool, last: Int64, count: Int64) {
    let sql = "SELECT id, impression_id FROM example WHERE id > ? AND id <= ?"
    let (known, newest, count) = try reader.read { db in
      var known: Set<Int64> = []
      var (newest, count): (Int64, Int64) = (0, 0)
      let rows = try Row.fetchCursor(db, sql: sql, arguments: [first, last])
      while let row = try rows.next() {
        let (id, place): (Int64, Int64) = (row[0], row[1])
        newest = max(newest, place)
        count += 1
        if place <= impression { known.insert(id) }
      }
      return (known, newest, count)
    }
    return ({ !known.contains($0) }, newest, count)
  }
}
