import Events
import Foundation
import HeapModule
import Statistics

/// A part of the users, with the connection over which their pages talk to the server: visits, looks, clicks, conversions.
///
/// What a user does is drawn from the seed, the user and the number of the page view alone, so it doesn't depend on how the
/// users are divided. One thread at a time may step it.
final class Crowd: @unchecked Sendable {
  let world: World
  let plan: TrafficPlan
  let oracle: Oracle
  private let server: any AdServing
  private let rhythm: Rhythm
  private var arrivals = Heap<Arrival>()
  private var people: [Int: Person] = [:]
  var states: [Int: UserState] = [:]
  /// What compared users would be like under other choices.
  var shadows: [Int: Oracle.Shadows] = [:]
  var pending = Heap<PendingEvent>()
  var eventNumber = 0
  private(set) var failure: (any Error)?
  /// What happened, by hour since the start.
  var hours: [TrafficCounts] = []

  /// Events of one call of /log.
  private static let messageCountMax = 2000

  /// - parameter users: numbers of the users that belong to it.
  init(world: World, plan: TrafficPlan, server: any AdServing, users: some Sequence<Int>) {
    self.world = world
    self.plan = plan
    self.server = server
    oracle = Oracle(world: world, slotCount: plan.slotCount)
    rhythm = world.rhythm(growthPerWeek: plan.growthPerWeek)
    for user in users {
      var chance = world.chance(user: user, view: -1)
      schedule(user, after: plan.start, &chance)
    }
  }

  /// Plays all that happens before `end`. After a failure it does nothing more.
  func step(until end: Milliseconds) {
    guard failure == nil else { return }
    do {
      let visits = collect(until: end)
      let answers = try server.rank(visits.map(\.view))
      for (visit, answer) in zip(visits, answers) { witness(visit, answer) }
      try sendDue(before: end)
    } catch { failure = error }
  }

  /// Sends the events that were under way at the end of the run, but for conversions, which come too late.
  func finish() {
    guard failure == nil else { return }
    let rest = pending.unordered.filter { $0.message.kind != .conversion }
    pending = Heap(rest)
    do { try sendDue(before: .max) } catch { failure = error }
  }

  private func collect(until end: Milliseconds) -> [Visit] {
    var visits: [Visit] = []
    while let arrival = arrivals.min, arrival.time < end {
      arrivals.removeMin()
      if let visit = visit(arrival) { visits += [visit] + bots(following: visit) }
    }
    return visits
  }

  /// Decides whether a user comes, what page is opened, and when the user will come again.
  private func visit(_ arrival: Arrival) -> Visit? {
    let person = person(arrival.user)
    var state = states[arrival.user] ?? UserState()
    var chance = world.chance(user: arrival.user, view: state.viewCount)
    state.viewCount += 1
    states[arrival.user] = state
    var remaining = arrival.remainingPageCount
    if remaining == nil {
      let factor = rhythm.factor(country: person.country, device: person.device, time: arrival.time)
      let share =
        factor / Rhythm.factorMax * rhythm.growth(arrival.time) / growthMax * state.returnShare
        / UserState.returnShareMax
      guard chance.nextUniform() < share else {
        schedule(arrival.user, after: arrival.time, &chance)
        return nil
      }
      remaining = -1
      repeat { remaining! += 1 } while remaining! < 20 && chance.nextUniform() < 1 - 1 / TrafficPlan.viewsPerVisit
    }
    let page = Population.page(interest: person.interest, using: &chance)
    if remaining! > 0 {
      let pause = Milliseconds(5000 + chance.nextExponential(mean: 45_000))
      arrivals.insert(Arrival(time: arrival.time + pause, user: arrival.user, remainingPageCount: remaining! - 1))
    } else {
      schedule(arrival.user, after: arrival.time, &chance)
    }
    let visit = Visit(
      person: person, page: page, time: arrival.time, chance: chance,
      context: world.context(person, page: page, time: arrival.time), faults: plan.faults)
    return visit.isKept ? visit : nil
  }

  /// Visits of machines that a fault sends after that of a person.
  private func bots(following visit: Visit) -> [Visit] {
    visit.botCount == 0 ? [] : (0..<visit.botCount).map { visit.bot($0, faults: plan.faults) }
  }

  private var growthMax: Double { max(1, rhythm.growth(plan.end)) }

  private func schedule(_ user: Int, after time: Milliseconds, _ chance: inout SeededGenerator) {
    let rate =
      plan.visitsPerUserDay * person(user).visitsPerDay * Rhythm.factorMax * growthMax * UserState.returnShareMax
      / 86_400_000
    let pause = chance.nextExponential(mean: 1 / max(rate, 1e-12))
    guard pause < Double(plan.end - time) else { return }
    arrivals.insert(Arrival(time: time + Milliseconds(pause) + 1, user: user, remainingPageCount: nil))
  }

  private func person(_ number: Int) -> Person {
    if let person = people[number] { return person }
    let person = world.population.person(number)
    people[number] = person
    return person
  }

  private func sendDue(before end: Milliseconds) throws {
    var messages: [EventMessage] = []
    while let event = pending.min, event.time < end {
      messages.append(event.message)
      pending.removeMin()
    }
    for first in stride(from: 0, to: messages.count, by: Self.messageCountMax) {
      let part = Array(messages[first..<min(first + Self.messageCountMax, messages.count)])
      let time = part[part.count - 1].time ?? plan.end
      count(try server.log(part, time: min(time, plan.end)), at: min(time, plan.end - 1))
    }
  }

  private func count(_ answer: LogAnswer, at time: Milliseconds) {
    update(time) { counts in
      counts.acceptedEvents += answer.accepted
      counts.duplicateEvents += answer.duplicates
      counts.rejectedEvents += answer.rejections.count
      if counts.rejection == nil { counts.rejection = answer.rejections.first }
    }
  }

  /// Changes the counts of the hour of a time.
  func update(_ time: Milliseconds, _ change: (inout TrafficCounts) -> Void) {
    let hour = max(0, Int((time - plan.start) / 3_600_000))
    while hours.count <= hour { hours.append(TrafficCounts()) }
    change(&hours[hour])
  }
}
