/// One user: what a page knows of them, and what only the world knows.
struct Person: Sendable {
  let number: Int
  let id: String
  /// Indices into ``Population``'s names.
  let country: Int
  let device: Int
  let browser: Int
  let interest: Int
  /// What the user cares for beyond the interest that the site knows: the hidden part of the taste.
  let leaning: SIMD4<Float>
  /// Visits a day.
  let visitsPerDay: Double
  /// Share of the clicks that are followed by a conversion, relative to others.
  let buying: Double
  let habit: Habit

  /// Who does with the page what most don't.
  enum Habit: Sendable {
    case usual
    /// Sees no ad and sends no beacon.
    case blocksAds
    /// A page that sends every event twice.
    case sendsTwice
    /// No person: clicks at random and at once.
    case bot
  }
}
