import Features

/// Counts in how many examples each weight of a model applies: what a mean logit is made of.
///
/// Takes 8 bytes a weight, however many examples are counted. A value type; not for use from two threads at once.
public struct WeightTally: Sendable {
  public let model: Model
  /// Examples counted.
  public private(set) var exampleCount = 0
  /// By pattern and place in it.
  private var counts: [[Int]]
  private var slotCounts: [Int: Int]

  /// The weights that apply to one example, without bias and slot.
  public struct Match: Sendable {
    fileprivate let places: [(pattern: Int, index: Int)]
    fileprivate let slot: Int
    /// The example's logit, exact; may be −∞.
    public let logit: Double
  }

  /// One value of a feature, or of several crossed, that has a weight.
  public struct Entry: Sendable, Equatable {
    /// Canonical values of the template's context fields, then of its ad attributes; a slot's number.
    public let values: [String]
    /// May be −∞.
    public let weight: Double
    /// Examples to which it applied.
    public let count: Int
  }

  public init(_ model: Model) {
    self.model = model
    counts = model.patterns.map { Array(repeating: 0, count: $0.weights.count) }
    slotCounts = model.slots.mapValues { _ in 0 }
  }

  /// The weights that apply to an example of raw values.
  public func match(context: [String: String], attributes: [String: String], slot: Int) -> Match {
    var places: [(pattern: Int, index: Int)] = []
    var logit = model.logit(model.bias, slot: slot)
    model.forEachMatch(
      contextNumbers: model.contextNumbers(context), adNumbers: model.adNumbers(attributes)
    ) { pattern, index in
      places.append((pattern, index))
      logit += model.patterns[pattern].weights[index]
    }
    return Match(places: places, slot: slot, logit: logit)
  }

  /// Counts an example by the weights that apply to it.
  public mutating func add(_ match: Match) {
    exampleCount += 1
    for place in match.places { counts[place.pattern][place.index] += 1 }
    slotCounts[match.slot]? += 1
  }

  /// The sets of fields that the model has weights for.
  public var templates: [FeatureTemplate] { model.patterns.map(\.template) }

  /// The weights of one set of fields with their counts, in the order of their values; none for a set without weights.
  public func entries(_ template: FeatureTemplate) -> [Entry] {
    guard let number = model.patterns.firstIndex(where: { $0.template == template }) else { return [] }
    let pattern = model.patterns[number]
    let tables = template.context.map { model.contextValues[$0] } + template.ad.map { model.adValues[$0] }
    return pattern.weights.indices.map { index in
      let values = zip(tables, pattern.key(index)).map { $0.values[Int($1)] }
      return Entry(values: values, weight: pattern.weights[index], count: counts[number][index])
    }
  }

  /// The bias, which applies to every example.
  public var biasEntry: Entry { Entry(values: [], weight: model.bias, count: exampleCount) }

  /// The effects of slots with their counts, in the order of the slots.
  public var slotEntries: [Entry] {
    model.slots.sorted { $0.key < $1.key }.map { slot, effect in
      Entry(values: ["\(slot)"], weight: effect, count: slotCounts[slot, default: 0])
    }
  }
}
