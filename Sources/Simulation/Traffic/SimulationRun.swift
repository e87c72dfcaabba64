import Dispatch
import Events
import Foundation

/// Drives a server with a world's visitors, through its public contract alone.
public struct SimulationRun {
  private let plan: TrafficPlan
  private let crowds: [Crowd]
  private let seed: UInt64
  private let control: FaultControl?

  /// - parameter servers: one connection for each part of the users, all to the same server.
  /// - parameter control: makes the faults at the server; `nil` leaves them out.
  public init(
    world: World, plan: TrafficPlan, seed: UInt64, servers: [any AdServing], control: FaultControl? = nil
  ) {
    self.plan = plan
    self.seed = seed
    self.control = control
    crowds = servers.enumerated().map { index, server in
      Crowd(
        world: world, plan: plan, server: server,
        users: stride(from: index, to: plan.userCount, by: servers.count))
    }
  }

  /// How far a run is.
  public struct Progress: Sendable {
    /// The world's time since the beginning, and of the whole run.
    public var elapsed: Milliseconds
    public var total: Milliseconds
    /// All that happened so far, and in the hour under way and that before.
    public var counts: TrafficCounts
    public var latest: TrafficCounts
  }

  /// Most of the world's time that the parts of the users go through between two meetings.
  private static let sliceMillisecondsMax: Milliseconds = 60_000
  /// Page views of a connection between two meetings, about, without a given speed.
  private static let sliceViewCount = 24.0
  private static let sliceSeconds = 0.02

  /// Plays the whole period and returns what happened.
  ///
  /// - parameter progress: called after each slice of time.
  /// - throws: ``ClientError`` when the server can't be reached or fails.
  public func play(progress: (Progress) -> Void) throws -> SimulationReport {
    let clock = ContinuousClock()
    let begin = clock.now
    var time = plan.start
    var leftOut = control == nil ? SimulationRun.leftOut(plan.faults) : [:]
    while time < plan.end {
      try control?.update(time: time, faults: plan.faults, leftOut: &leftOut)
      time = min(plan.end, time + slice)
      let end = time
      DispatchQueue.concurrentPerform(iterations: crowds.count) { [crowds] in crowds[$0].step(until: end) }
      try checkFailure()
      progress(self.progress(at: time))
      guard let speed = plan.speed else { continue }
      let due = begin + .seconds(Double(time - plan.start) / 1000 / speed)
      if due > clock.now { Thread.sleep(forTimeInterval: (due - clock.now) / .seconds(1)) }
    }
    DispatchQueue.concurrentPerform(iterations: crowds.count) { [crowds] in crowds[$0].finish() }
    try checkFailure()
    return SimulationReport(
      plan: plan, hours: hours(), seconds: (clock.now - begin) / .seconds(1),
      key: FaultKey(plan, seed: seed, leftOut: leftOut))
  }

  private static func leftOut(_ schedule: FaultSchedule) -> [Int: String] {
    let faults = schedule.faults.enumerated().filter { $1.kind.isAtServer }
    return Dictionary(uniqueKeysWithValues: faults.map { ($0.offset, "needs the server's admin token") })
  }

  private var slice: Milliseconds {
    let views = Self.sliceViewCount * Double(crowds.count) / max(plan.viewsPerDay, 1) * 86_400_000
    let paced = plan.speed.map { Self.sliceSeconds * $0 * 1000 } ?? views
    return max(1, min(Self.sliceMillisecondsMax, Milliseconds(paced)))
  }

  private func checkFailure() throws {
    if let failure = crowds.lazy.compactMap(\.failure).first { throw failure }
  }

  private func hours() -> [TrafficCounts] {
    var hours: [TrafficCounts] = []
    for crowd in crowds {
      for (hour, counts) in crowd.hours.enumerated() {
        if hours.count <= hour { hours.append(TrafficCounts()) }
        hours[hour].add(counts)
      }
    }
    return hours
  }

  private func progress(at time: Milliseconds) -> Progress {
    let hours = hours()
    var progress = Progress(
      elapsed: time - plan.start, total: plan.end - plan.start, counts: TrafficCounts(), latest: TrafficCounts())
    for counts in hours { progress.counts.add(counts) }
    for counts in hours.suffix(2) { progress.latest.add(counts) }
    return progress
  }
}
