/// The units of one value of a field that no arm can change, by arm.
struct SegmentSplit {
  let field: String
  let value: String
  let arms: [ArmData]

  static let pastField = "past"

  /// Whether units were seen before the experiment, when some were and some weren't, and the values of the segments' field.
  static func splits(_ sample: ExperimentUnits, arms: [ArmData], metrics: [CappedMetric]) -> [SegmentSplit] {
    func split(_ field: String, _ values: [String], _ index: (Int) -> Int) -> [SegmentSplit] {
      values.indices.compactMap { value in
        let parts = arms.map { arm in
          ArmData(sample, name: arm.name, units: arm.units.filter { index(Int($0)) == value }, metrics: metrics)
        }
        return parts.allSatisfy { $0.units.isEmpty }
          ? nil : SegmentSplit(field: field, value: values[value], arms: parts)
      }
    }
    let pastCount = arms.reduce(0) { $0 + $1.pastUnitCount }
    let isPastMixed = pastCount > 0 && pastCount < arms.reduce(0) { $0 + $1.unitCount }
    var splits: [SegmentSplit] = []
    if isPastMixed {
      splits += split(pastField, ["new", "returning"]) { sample.pasts[$0][.impressions] > 0 ? 1 : 0 }
    }
    if let segments = sample.days.segments {
      splits += split(segments.field, segments.names) { Int(segments.values[$0]) }
    }
    return splits
  }
}
