import Events
import Features

/// What was asked for and filled in about a minute, as the log keeps it.
struct TrafficReport: Codable, Equatable {
  /// When counting began.
  var since: Milliseconds
  var cells: [Cell]

  struct Cell: Codable, Equatable {
    var place: Place
    var slots: Slots
  }

  /// Where it was counted.
  struct Place: Codable, Hashable {
    /// Canonical values by context field of the schema; without the missing ones.
    var context: [String: String]
    var model: String
  }

  /// Decisions by the number of slots: at index n those of slot n + 1.
  struct Slots: Codable, Equatable {
    var asked: [Int] = []
    var filled: [Int] = []

    mutating func add(asked slots: Int, filled count: Int) {
      Self.addOne(to: &asked, first: slots)
      Self.addOne(to: &filled, first: count)
    }

    private static func addOne(to counts: inout [Int], first count: Int) {
      if counts.count < count { counts.append(contentsOf: repeatElement(0, count: count - counts.count)) }
      for slot in 0..<count { counts[slot] += 1 }
    }

    static func + (first: Slots, second: Slots) -> Slots {
      Slots(asked: sum(first.asked, second.asked), filled: sum(first.filled, second.filled))
    }

    private static func sum(_ first: [Int], _ second: [Int]) -> [Int] {
      let (long, short) = first.count >= second.count ? (first, second) : (second, first)
      return long.indices.map { long[$0] + ($0 < short.count ? short[$0] : 0) }
    }
  }
}
