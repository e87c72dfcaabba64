import Events
import Features
import Foundation
import Locking
import Logging

/// Slots that requests asked for and that were filled, by context and model: the top of the funnel, which leaves no
/// impression when it breaks.
///
/// Counted in memory, and handed to the log about once a minute; a killed process loses the last minute. Any thread may
/// count: one short lock a decision.
final class TrafficTally: Sendable {
  /// Different contexts and models that are counted apart in one minute; the rest is counted under no context.
  static let cellCountMax = 10_000
  /// Time between two reports to the log.
  private static let reportMilliseconds: Milliseconds = 60_000
  /// Cells of one event.
  private static let eventCellCountMax = 500

  private struct State {
    var cells: [Place: TrafficReport.Slots] = [:]
    var since: Milliseconds
  }

  /// Where a decision is counted: the canonical values of the schema's context fields, in its order; none for those that
  /// aren't counted apart.
  private struct Place: Hashable {
    var values: [ExactText?]
    let model: String
  }

  private let fields: [Field]
  private let log: EventLog
  private let cellCountMax: Int
  private let state: Locked<State>

  init(schema: Schema, log: EventLog, now: Milliseconds, cellCountMax: Int = TrafficTally.cellCountMax) {
    fields = schema.contextFields
    self.log = log
    self.cellCountMax = cellCountMax
    state = Locked(State(since: now))
  }

  /// Counts a live decision.
  func count(_ decision: Decision, context: [String: String]) {
    var place = Place(
      values: fields.map { $0.canonicalValue(context[$0.name]).map { ExactText($0) } }, model: decision.model)
    state.withLock { state in
      if state.cells.count >= cellCountMax, state.cells[place] == nil { place.values = [] }
      state.cells[place, default: TrafficReport.Slots()].add(asked: decision.slots, filled: decision.ads.count)
    }
  }

  /// Hands what was counted to the log when a minute is over, or at once when `isFinal`.
  ///
  /// - throws: an error of the log; what was counted is kept for the next time.
  func report(now: Milliseconds, isFinal: Bool = false) throws {
    let taken = state.withLock { state -> State? in
      guard isFinal || now - state.since >= Self.reportMilliseconds else { return nil }
      defer { state = State(since: now) }
      return state
    }
    guard let taken, !taken.cells.isEmpty else { return }
    do { _ = try log.append(events(taken, now: now)) } catch {
      state.withLock { state in
        state.cells.merge(taken.cells) { $0 + $1 }
        state.since = taken.since
      }
      throw error
    }
  }

  private func events(_ state: State, now: Milliseconds) throws -> [Event] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let cells = state.cells.map { TrafficReport.Cell(place: report($0), slots: $1) }
    return try stride(from: 0, to: cells.count, by: Self.eventCellCountMax).map { first in
      let part = cells[first..<min(first + Self.eventCellCountMax, cells.count)]
      let payload = try encoder.encode(TrafficReport(since: state.since, cells: Array(part)))
      return Event(kind: .traffic, time: state.since, received: now, payload: Array(payload))
    }
  }

  private func report(_ place: Place) -> TrafficReport.Place {
    var context: [String: String] = [:]
    for (field, value) in zip(fields, place.values) { context[field.name] = value?.text }
    return TrafficReport.Place(context: context, model: place.model)
  }
}
