import Events

/// The effects of context values against ad attributes, drawn once.
struct EffectTables: Sendable {
  private let interests: [SIMD4<Float>]
  private let categories: [SIMD4<Float>]
  private let audiences: [SIMD4<Float>]
  private let pageCategory: [[Float]]
  private let hourCategory: [[Float]]
  private let deviceFormat: [[Float]]
  private let browserFormat: [[Float]]
  private let countryAdvertiser: [[Float]]

  /// Parts of a day: night, morning, afternoon, evening.
  private static let dayParts = ["0", "1", "2", "3"]

  init(_ truth: AdTruth, chance: Chance) {
    func vectors(_ topic: StaticString, _ names: [String], _ deviation: Float) -> [SIMD4<Float>] {
      names.map { $0.isEmpty ? .zero : deviation * chance.vector(topic, $0) }
    }
    func effects(_ topic: StaticString, _ first: [String], _ second: [String], _ deviation: Double) -> [[Float]] {
      first.map { name in second.map { $0.isEmpty ? 0 : Float(deviation * chance.normal(topic, name, $0)) } }
    }
    interests = vectors("interest", Population.interestNames, 0.5)
    categories = vectors("categoryTaste", truth.categories, 1)
    audiences = vectors("audienceTaste", truth.audiences, 0.4)
    pageCategory = effects("page", Population.pageNames, truth.categories, 0.4)
    hourCategory = effects("hour", Self.dayParts, truth.categories, 0.2)
    deviceFormat = effects("device", Population.deviceNames, truth.formats, 0.4)
    browserFormat = effects("browser", Population.browserNames, truth.formats, 0.1)
    countryAdvertiser = effects("country", Population.countries.names, truth.advertisers, 0.15)
  }

  func viewpoint(_ person: Person, page: Int, time: Milliseconds, truth: AdTruth) -> Viewpoint {
    let part = Population.localHour(person.country, time: time) / 6
    let known = interests[person.interest]
    let taste = known + person.leaning
    func add(_ vectors: [SIMD4<Float>], _ taste: SIMD4<Float>, _ effects: [[Float]]) -> [Float] {
      vectors.indices.map { code in
        effects.reduce((vectors[code] * taste).sum()) { $0 + $1[code] }
      }
    }
    let byCategory = [pageCategory[page], hourCategory[part]]
    let byFormat = [SIMD4<Float>](repeating: .zero, count: truth.formats.count)
    return Viewpoint(
      truth: truth, time: time, taste: taste, advertisers: countryAdvertiser[person.country],
      full: .init(
        categories: add(categories, taste, byCategory), audiences: add(audiences, taste, []),
        formats: add(byFormat, taste, [deviceFormat[person.device], browserFormat[person.browser]])),
      known: .init(
        categories: add(categories, known, byCategory), audiences: add(audiences, known, []),
        formats: add(byFormat, known, [deviceFormat[person.device]])))
  }
}
