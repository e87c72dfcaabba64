/// What the faults that touch one page view do to it.
struct ActiveFaults {
  let faults: [Fault]
  /// Decides which of the requests a partial fault of a field touches.
  let point: Double

  static let none = ActiveFaults(faults: [], point: 0)

  var lostViewShare: Double { max(strength(.trafficDrop), strength(.seasonalDip)) }
  var lostClickShare: Double { strength(.clicksLost) }
  var copiedEventShare: Double { strength(.doubleLogging) }
  var botViewsPerView: Double { strength(.botBurst) }

  /// The context as the page sends it.
  func sent(_ context: [String: String]) -> [String: String] {
    guard !faults.isEmpty else { return context }
    var context = context
    for fault in faults where point < fault.strength {
      guard let field = fault.field else { continue }
      if fault.kind == .featureStuck { context[field] = fault.value }
      if fault.kind == .featureMissing { context[field] = nil }
    }
    return context
  }

  /// Where the page shows the ad of a slot.
  func shownSlot(_ slot: Int, of count: Int) -> Int {
    guard count >= 2, slot <= 2, point < strength(.slotSwap) else { return slot }
    return 3 - slot
  }

  private func strength(_ kind: Fault.Kind) -> Double {
    faults.lazy.filter { $0.kind == kind }.map(\.strength).max() ?? 0
  }
}
