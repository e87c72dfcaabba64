/// The active alerts, and how they change: pending → firing → resolved, or pending → cleared.
///
/// A function of what it is told and when: it has no clock.
public struct AlertBook: Sendable {
  /// What was observed of one name.
  public struct Observation: Sendable {
    public let name: String
    public let isOff: Bool
    public let words: String

    public init(name: String, isOff: Bool, words: String) {
      (self.name, self.isOff, self.words) = (name, isOff, words)
    }
  }

  /// Alerts that are active at the same time; what is beyond is counted and looked at again at the next step.
  public static let activeCountMax = 200

  private let pendingMilliseconds: Int64
  private let resolvingMilliseconds: Int64
  private var alerts: [String: (alert: Alert, lastOff: Int64)]
  /// Alerts that found no place.
  public private(set) var turnedAwayCount = 0

  /// - parameter active: those of before a restart.
  public init(pendingMinutes: Double, resolvingMinutes: Double, active: [Alert] = []) {
    pendingMilliseconds = Int64(pendingMinutes * 60_000)
    resolvingMilliseconds = Int64(resolvingMinutes * 60_000)
    alerts = Dictionary(
      active.filter(\.state.isActive).map { ($0.name, (alert: $0, lastOff: $0.time)) }, uniquingKeysWith: { $1 })
  }

  /// Oldest first.
  public var active: [Alert] { alerts.values.map(\.alert).sorted { ($0.since, $0.name) < ($1.since, $1.name) } }

  /// Takes in what was observed at `time`, and returns the alerts whose state changed. An alert of which nothing was
  /// observed stays as it is.
  public mutating func step(_ observations: [Observation], at time: Int64) -> [Alert] {
    observations.compactMap { step($0, time) }
  }

  private mutating func step(_ observation: Observation, _ time: Int64) -> Alert? {
    guard let (alert, lastOff) = alerts[observation.name] else {
      guard observation.isOff else { return nil }
      guard alerts.count < Self.activeCountMax else {
        turnedAwayCount += 1
        return nil
      }
      return change(observation, .pending, since: time, time)
    }
    if observation.isOff { alerts[observation.name]?.lastOff = time }
    switch (alert.state, observation.isOff) {
    case (.pending, true) where time - alert.since >= pendingMilliseconds:
      return change(observation, .firing, since: alert.since, time)
    case (.pending, false): return change(observation, .cleared, since: alert.since, time)
    case (.firing, false) where time - lastOff >= resolvingMilliseconds:
      return change(observation, .resolved, since: alert.since, time)
    default: return nil
    }
  }

  private mutating func change(_ observation: Observation, _ state: Alert.State, since: Int64, _ time: Int64) -> Alert {
    let alert = Alert(name: observation.name, state: state, since: since, time: time, reason: observation.words)
    alerts[observation.name] = state.isActive ? (alert, time) : nil
    return alert
  }
}
