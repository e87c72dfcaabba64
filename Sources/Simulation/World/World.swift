import Catalog
import Events
import Foundation
import Statistics

/// A population, and the true reasons why it clicks on the ads of a catalog; a server learns of them only by clicks.
///
/// P(click | shown) = examination(slot) · willingness(user) · σ(logit). The logit adds up: a base; a taste, the inner
/// product of the user's place and the ad's (interest and a hidden leaning against category, audience and campaign); effects
/// of page, hour, device, browser and country against the ad's attributes; the ad's general appeal, with novelty and drift;
/// and fatigue, for what the user has seen lately. All are draws that depend on the seed and the names alone.
///
/// Immutable, so any thread may ask it.
public final class World: Sendable {
  let truth: AdTruth
  let population: Population
  let start: Milliseconds
  private let chance: Chance
  private let tables: EffectTables

  static let baseLogit: Float = -3.3
  /// Probability that a willing user looks at a slot, first slot first; later ones as the last.
  static let examination = [1, 0.65, 0.45, 0.3]
  static let fatigueLogit: Float = -0.15

  /// - parameter start: the world's first moment, in milliseconds since 1970 UTC.
  public init(seed: UInt64, catalog: CatalogSnapshot, start: Milliseconds) {
    chance = Chance(seed: seed)
    self.start = start
    population = Population(chance: chance)
    truth = AdTruth(catalog, chance: chance, origin: start)
    tables = EffectTables(truth, chance: chance)
  }

  var catalog: CatalogSnapshot { truth.catalog }

  /// A stream of chance that belongs to a user's page view alone.
  func chance(user: Int, view: Int) -> SeededGenerator { chance.generator("view", user, view) }

  func rhythm(growthPerWeek: Double) -> Rhythm {
    Rhythm(chance: chance, start: start, growthPerWeek: growthPerWeek)
  }

  /// What a page knows of a person's view.
  func context(_ person: Person, page: Int, time: Milliseconds) -> [String: String] {
    [
      "country": Population.countries.names[person.country], "device": Population.deviceNames[person.device],
      "browser": Population.browserNames[person.browser], "interest": Population.interestNames[person.interest],
      "page": Population.pageNames[page], "hour": String(Population.localHour(person.country, time: time)),
    ]
  }

  /// How a person sees ads on a page at a time.
  func viewpoint(_ person: Person, page: Int, time: Milliseconds) -> Viewpoint {
    tables.viewpoint(person, page: page, time: time, truth: truth)
  }

  /// Share of a willing user's looks that reach a slot, from 1.
  static func examination(slot: Int) -> Double { examination[min(max(slot, 1), examination.count) - 1] }

  static func sigmoid(_ logit: Float) -> Double { 1 / (1 + exp(-Double(logit))) }

  /// Contexts of random users of the population, for measurements.
  public static func contexts(count: Int, seed: UInt64) -> [[String: String]] {
    let world = World(seed: seed, catalog: .empty, start: 0)
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let person = world.population.person(Int(generator.nextUniform() * 10_000))
      let page = Population.page(interest: person.interest, using: &generator)
      return world.context(person, page: page, time: Milliseconds(generator.nextUniform() * 86_400_000))
    }
  }
}
