import Features
import Ranking

extension PredictionShift {
  /// What one field, cross, the slots or the bias have to do with a change.
  public struct Feature: Codable, Sendable, Equatable {
    /// `device`, `device^category`, `slot` or `bias`.
    public let name: String
    public let split: ShiftSplit
    /// Share of the examples that have a weight of this feature, in either window, by the window's own model.
    public let shareBefore: Double
    public let shareAfter: Double
    /// The values most to blame, most first.
    public let values: [Value]
    /// Values beyond those.
    public let otherCount: Int
    public let other: ShiftSplit
  }

  /// One value of a feature.
  public struct Value: Codable, Sendable, Equatable {
    /// Canonical; of a cross the two with ` ^ ` between.
    public let value: String
    public let shareBefore: Double
    public let shareAfter: Double
    /// 0 when the model has no weight for it.
    public let weightBefore: Double
    public let weightAfter: Double
    public let split: ShiftSplit
  }
}

extension PredictionShift.Feature {
  /// A model's weight for a value, and how many examples of either window it applied to.
  private struct Side {
    var weight = 0.0
    var counts = (0, 0)
  }

  /// All features that either model has weights for, the most to blame first; equally blamed ones by name.
  static func all(_ before: ShiftWindow, _ after: ShiftWindow, valueCountMax: Int) -> [Self] {
    let make = { (name: String, entries: (WeightTally) -> [WeightTally.Entry]) in
      Self(name, before, after, valueCountMax: valueCountMax, entries: entries)
    }
    let schema = before.tallies[0].model.schema
    let templates = Set(before.tallies.flatMap(\.templates))
    let fields = templates.map { template in
      make(name(template, schema)) { $0.entries(template) }
    }
    let bias = make("bias") { [$0.biasEntry] }
    let all = [bias, make("slot", \.slotEntries)] + fields
    return all.sorted { ($1.split.magnitude, $0.name) < ($0.split.magnitude, $1.name) }
  }

  private static func name(_ template: FeatureTemplate, _ schema: Schema) -> String {
    let names = template.context.map { schema.contextFields[$0].name } + template.ad.map { schema.adFields[$0].name }
    return names.isEmpty ? "every ad" : names.joined(separator: "^")
  }

  private init(
    _ name: String, _ before: ShiftWindow, _ after: ShiftWindow, valueCountMax: Int,
    entries: (WeightTally) -> [WeightTally.Entry]
  ) {
    self.name = name
    let sizes = (Double(before.exampleCount), Double(after.exampleCount))
    var known: [[ExactText]: [Side]] = [:]
    var weighted = (0, 0)
    for side in 0...1 {
      // The same model, and so the same entries in the same order, in both windows.
      for (old, new) in zip(entries(before.tallies[side]), entries(after.tallies[side])) {
        known[old.values.map { ExactText($0) }, default: [Side(), Side()]][side] = Side(
          weight: old.weight, counts: (old.count, new.count))
        if side == 0 { weighted.0 += old.count } else { weighted.1 += new.count }
      }
    }
    var values = known.map { key, sides in
      // Where one model has no weight, the other one has counted.
      let counts = sides.map(\.counts).max { $0.0 + $0.1 < $1.0 + $1.1 } ?? (0, 0)
      return PredictionShift.Value(
        value: key.map(\.text).joined(separator: " ^ "),
        shares: (Double(counts.0) / sizes.0, Double(counts.1) / sizes.1), weights: (sides[0].weight, sides[1].weight))
    }
    values.sort { ($1.split.magnitude, ExactText($0.value)) < ($0.split.magnitude, ExactText($1.value)) }
    (shareBefore, shareAfter) = (Double(weighted.0) / sizes.0, Double(weighted.1) / sizes.1)
    let sum = { (values: ArraySlice<PredictionShift.Value>) in
      values.reduce(into: ShiftSplit()) { $0.add($1.split) }
    }
    split = sum(values[...])
    let listed = values.prefix(valueCountMax).filter { $0.split.magnitude > 0 }
    self.values = listed
    otherCount = values.count - listed.count
    other = sum(values.dropFirst(listed.count))
  }
}

extension PredictionShift.Value {
  /// A weight −∞ belongs to no example that counts: it moves nothing.
  fileprivate init(value: String, shares: (Double, Double), weights: (Double, Double)) {
    self.value = value
    (shareBefore, shareAfter) = shares
    (weightBefore, weightAfter) = weights
    let isFinite = weights.0.isFinite && weights.1.isFinite
    split = isFinite ? ShiftSplit(shares: shares, weights: weights) : ShiftSplit()
  }
}
