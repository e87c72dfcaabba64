import Events
import Locking
import Synchronization

extension CampaignLedger {
  /// Paces by this curve from now on.
  public func follow(_ curve: TrafficCurve) { state.withLock { $0.curve = curve } }

  /// Moves pacing and reservations on; does something every ``DeliverySettings/pacingSeconds`` only.
  public func step(_ map: CampaignMap, now: Milliseconds) {
    if now >= dayEnd.load(ordering: .relaxed) { beginDay(now) }
    state.withLock { state in
      if settings.reservationSeconds > 0, now >= state.agedAt + Milliseconds(settings.reservationSeconds * 500) {
        state.agedAt = now
        for entry in map.entries { for campaign in [entry.campaign] + entry.parts { campaign.ageReservations() } }
      }
      guard now >= state.pacedAt + Milliseconds(settings.pacingSeconds * 1000) else { return }
      state.pacedAt = now
      let share = state.curve.share(elapsed: state.day.elapsed(now))
      for entry in map.entries where entry.terms.isPaced {
        guard let split = map.split else {
          state.pace(entry.purse, share: share)
          continue
        }
        for (part, size) in split.shares.enumerated() { state.pace(entry.purse(part: part, share: size), share: share) }
      }
    }
  }
}
