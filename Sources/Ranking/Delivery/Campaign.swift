import Events
import Features
import Synchronization

/// What was spent on a campaign so far. One object for as long as the process lives, whatever becomes of its ads.
///
/// All atomics, so any thread may charge and ask; a charge is seen by every later decision.
public final class Campaign: Sendable {
  let name: CampaignName
  let hash: StableHash
  /// Events received from then on are charged as they come; what earlier ones cost is restored once.
  let since: Milliseconds
  private let today = Atomic<Int64>(0)
  private let total = Atomic<Int64>(0)
  /// Expected costs of ads served lately, of this and of the last half of the reservation time.
  private let reserved = Atomic<Int64>(0)
  private let reservedBefore = Atomic<Int64>(0)
  /// What was spent when its budget was split.
  private let todayBeforeSplit = Atomic<Int64>(0)
  private let totalBeforeSplit = Atomic<Int64>(0)
  /// Whether what it spent before this process began is still to be restored.
  private let isFresh = Atomic<Bool>(true)
  /// Probability with which the campaign takes part in a decision, as bits.
  private let pass = Atomic<UInt64>(1.0.bitPattern)

  init(_ name: CampaignName, since: Milliseconds) {
    self.name = name
    self.since = since
    hash = StableHash(name.text)
  }

  /// Spent today, in billionths of a currency unit.
  var spentToday: Int64 { today.load(ordering: .relaxed) }
  /// Spent in all, likewise.
  var spentInAll: Int64 { total.load(ordering: .relaxed) }
  /// Spent today before the budget was split, likewise.
  var splitToday: Int64 { todayBeforeSplit.load(ordering: .relaxed) }
  /// Spent in all before the budget was split, likewise.
  var splitInAll: Int64 { totalBeforeSplit.load(ordering: .relaxed) }
  /// Expected from ads that were served lately, likewise.
  var expected: Int64 { reserved.load(ordering: .relaxed).adding(reservedBefore.load(ordering: .relaxed)) }

  var passProbability: Double {
    get { Double(bitPattern: pass.load(ordering: .relaxed)) }
    set { pass.store(newValue.bitPattern, ordering: .relaxed) }
  }

  /// Adds to what was spent; a negative amount gives back.
  func charge(_ amount: Int64, isToday: Bool) {
    Self.add(amount, to: total)
    if isToday { Self.add(amount, to: today) }
  }

  /// Divides what is left from now on.
  func beginSplit() {
    todayBeforeSplit.store(spentToday, ordering: .relaxed)
    totalBeforeSplit.store(spentInAll, ordering: .relaxed)
  }

  /// Adds to what was spent before the split.
  func chargeBeforeSplit(_ amount: Int64, isToday: Bool) {
    Self.add(amount, to: totalBeforeSplit)
    if isToday { Self.add(amount, to: todayBeforeSplit) }
  }

  func reserve(_ amount: Int64) { Self.add(amount, to: reserved) }

  /// Whether nobody has asked this before.
  func takeFreshness() -> Bool { isFresh.exchange(false, ordering: .relaxed) }

  /// Forgets the elder half of the reservations.
  func ageReservations() { reservedBefore.store(reserved.exchange(0, ordering: .relaxed), ordering: .relaxed) }

  func beginDay() {
    today.store(0, ordering: .relaxed)
    todayBeforeSplit.store(0, ordering: .relaxed)
  }

  private static func add(_ amount: Int64, to sum: borrowing Atomic<Int64>) {
    var old = sum.load(ordering: .relaxed)
    while true {
      let (exchanged, now) = sum.weakCompareExchange(
        expected: old, desired: max(old.adding(amount), 0), ordering: .relaxed)
      if exchanged { return }
      old = now
    }
  }
}

/// What tells campaigns apart: a name that ads share, or the id of an ad that is its own campaign.
enum CampaignName: Hashable, Sendable {
  case shared(ExactText)
  case ad(ExactText)

  var text: String {
    switch self {
    case .shared(let name): "campaign/\(name.text)"
    case .ad(let id): "ad/\(id.text)"
    }
  }
}

extension Int64 {
  /// The sum, or the nearest number that there is.
  fileprivate func adding(_ other: Int64) -> Int64 {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? (other > 0 ? .max : .min) : sum
  }
}
