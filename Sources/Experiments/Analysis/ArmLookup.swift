import Foundation

/// Finds the arm of an experiment in the JSON text of an impression's experiments.
struct ArmLookup {
  enum Place: Equatable, Sendable {
    /// Index of one of the experiment's arms.
    case arm(Int)
    /// An arm that the configuration doesn't have.
    case stray(String)
    case forced
    /// The impression isn't in the experiment.
    case absent
  }

  private let experiment: String
  private let indices: [String: Int]
  private var places: [String: Place] = [:]

  /// Distinct texts that are remembered; more are parsed each time they come.
  static let placeCountMax = 10_000

  init(_ experiment: Experiment) {
    self.experiment = experiment.name
    indices = Dictionary(experiment.arms.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  mutating func place(in text: String) -> Place {
    if let place = places[text] { return place }
    let place = parse(text)
    if places.count < Self.placeCountMax { places[text] = place }
    return place
  }

  private func parse(_ text: String) -> Place {
    let arms = (try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))) ?? [:]
    guard let arm = arms[experiment] else { return .absent }
    if arm.hasPrefix(Assignment.forcedPrefix) { return .forced }
    return indices[arm].map(Place.arm) ?? .stray(arm)
  }
}
