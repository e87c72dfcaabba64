import Events
import Foundation
import Statistics

/// Whether the newest examples look like those before them: the labels, and each feature. Pure: the same blocks, the same
/// answer.
///
/// Limits are calibrated on stretches that are taken to be in order: as far as the reference's own hours differ from one
/// another, the new ones may too. Without a reference only what no file has by itself is a fault: an hour of opposite
/// labels, a feature that is constant for a while and never else.
struct DataReview {
  let reference: [ExampleBlock]
  let fresh: [ExampleBlock]
  let fieldNames: [String]
  let limits: GateConfiguration
  /// The reference in one.
  private let base: ExampleBlock?

  init(reference: [ExampleBlock], fresh: [ExampleBlock], fieldNames: [String], limits: GateConfiguration) {
    (self.reference, self.fresh, self.fieldNames, self.limits) = (reference, fresh, fieldNames, limits)
    base = ExampleBlock.pooled(reference)
  }

  /// What is wrong.
  struct Fault: Sendable, Equatable {
    let refusal: Gate.Refusal
    let words: String
    /// The examples that are wrong; `nil` when those that are there are sound.
    var stretch: ReviewMark.Stretch?

    init(_ refusal: Gate.Refusal, _ words: String, in block: ExampleBlock? = nil) {
      (self.refusal, self.words) = (refusal, words)
      stretch = block.map {
        .init(firstExample: $0.firstExample, lastExample: $0.lastExample, start: $0.start, end: $0.end)
      }
    }
  }

  /// Clicks with which a loss of half of them is found, and examples with which a feature is compared.
  static let clickCountMin = 64.0
  static let exampleCountMin = 500
  /// Stretches from which a limit can be calibrated.
  private static let stretchCountMin = 4
  /// Values of a field that are compared one by one; the rest are one.
  private static let valueCountMax = 50
  /// Hours from which the usual volume of an hour is known: a day.
  private static let wholeHourCountMin = 24
  /// Share of a stretch from which one value fills it.
  private static let runShareMin = 0.9
  /// Standard errors that no chance reaches.
  private static let errorCountMin = 4.0
  /// Within the same data any stretch must stand out much further.
  private static let spreadCountMin = 6.0

  /// Whether the new examples suffice to find a loss of half the clicks.
  var hasPower: Bool { (fresh.reduce(0) { $0 + expectedClicks($1) }) >= Self.clickCountMin }

  /// The first fault, `nil` when all is well or there is too little to tell.
  func fault() -> Fault? { volumeFault() ?? featureFault() ?? clickFault() }

  // MARK: - Volume

  /// An hour between others that lacks most of its impressions, where hardly any did before.
  private func volumeFault() -> Fault? {
    let (before, now) = (Self.volumes(reference), Self.volumes(fresh))
    let inner = before.dropFirst().dropLast().map(\.count).sorted()
    guard before.count >= Self.wholeHourCountMin else { return nil }
    // A tenth of the hours may have been poor before.
    let usual = inner[inner.count / 10]
    let least = Int(limits.windowShareMin * Double(usual))
    guard let hour = now.dropFirst().dropLast().first(where: { $0.count < least }) else { return nil }
    let time = Date(timeIntervalSince1970: Double(hour.number) * 3600).formatted(.iso8601)
    return Fault(
      .truncatedWindow,
      "the hour from \(time) has \(hour.count) impressions, before there were hardly ever fewer than \(usual): look for lost ones"
    )
  }

  /// Impressions by hour from the first to the last, hours without any too.
  private static func volumes(_ blocks: [ExampleBlock]) -> [(number: Milliseconds, count: Int)] {
    let hour = { (block: ExampleBlock) in (Double(block.start) / 3_600_000).rounded(.down) }
    let counts = Dictionary(blocks.map { (Milliseconds(hour($0)), $0.count) }, uniquingKeysWith: +)
    guard let first = counts.keys.min(), let last = counts.keys.max(), last - first < 100_000 else { return [] }
    return (first...last).map { ($0, counts[$0] ?? 0) }
  }

  // MARK: - Labels

  private func clickFault() -> Fault? {
    let isWhole = { (block: ExampleBlock) in
      block.count >= Self.exampleCountMin && expectedClicks(block) >= Self.clickCountMin
    }
    let usual = ExampleBlock.merged(reference, until: isWhole)
    if let base, base.clicks >= Self.clickCountMin {
      let ratios = usual.map { $0.ratio / base.ratio }
      let isCalibrated = usual.count >= Self.stretchCountMin
      let low = min(limits.clickRateRatioMin, isCalibrated ? 0.9 * (ratios.min() ?? 1) : 1)
      let high = max(limits.clickRateRatioMax, isCalibrated ? 1.1 * (ratios.max() ?? 1) : 1)
      let suspects = ([ExampleBlock.pooled(fresh)].compactMap(\.self) + fresh).filter { $0.count >= 100 }
      let worst = suspects.filter { block in
        let ratio = block.ratio / base.ratio
        return errors(block, base) > Self.errorCountMin && !(low...high).contains(ratio)
      }.max { errors($0, base) < errors($1, base) }
      if let worst { return fault(worst, ratio: worst.ratio / base.ratio, usual: base) }
      return suspects.first { isFlipped($0, base) }.map { Self.flipped($0, usual: base) }
    }
    return flippedHour()
  }

  /// Without a reference only an hour of opposite labels is a fault: click rates of files differ from part to part.
  private func flippedHour() -> Fault? {
    guard let usual = ExampleBlock.pooled(fresh) else { return nil }
    let hour = fresh.first {
      $0.count >= 100 && Self.looksFlipped($0, usual) && errors($0, usual) > Self.spreadCountMin
    }
    return hour.map { Self.flipped($0, usual: usual) }
  }

  private func expectedClicks(_ block: ExampleBlock) -> Double {
    guard let base, base.clicks > 0 else { return block.clicks }
    return block.expected * base.ratio
  }

  /// How far observed clicks are from the expected ones, in standard errors of both.
  private func errors(_ block: ExampleBlock, _ base: ExampleBlock) -> Double {
    let expected = block.expected * base.ratio
    guard expected > 0 else { return 0 }
    let deviation = (expected * (1 + block.expected / base.expected)).squareRoot()
    return abs(block.clicks - expected) / deviation
  }

  private func isFlipped(_ block: ExampleBlock, _ base: ExampleBlock) -> Bool {
    base.agreement > Self.spreadCountMin && block.agreement < -Self.errorCountMin
  }

  /// The fault of a stretch with too few or too many clicks: that of its worst hour if the labels there look flipped.
  private func fault(_ block: ExampleBlock, ratio: Double, usual: ExampleBlock) -> Fault {
    let hours = fresh.filter { $0.start >= block.start && $0.end <= block.end && $0.count >= 100 }
    if let hour = (hours + [block]).first(where: { Self.looksFlipped($0, usual) }) {
      return Self.flipped(hour, usual: usual)
    }
    let words =
      "\(Self.span(block)) the click rate is \(Self.text(ratio)) of what is usual "
      + "(\(Self.percent(block.clickRate)) of \(block.count) impressions)"
    return ratio < 1
      ? Fault(.clicksLost, words + ": look for lost clicks", in: block)
      : Fault(.clickRate, words + ": look for false clicks or lost impressions", in: block)
  }

  /// Whether labels go against predictions, or the click rate is nearer to its opposite than to what is usual.
  private static func looksFlipped(_ block: ExampleBlock, _ usual: ExampleBlock) -> Bool {
    let (rate, normal) = (block.clickRate, usual.clickRate)
    return block.agreement < -errorCountMin || abs(rate - (1 - normal)) < abs(rate - normal) / 3
  }

  private static func flipped(_ block: ExampleBlock, usual: ExampleBlock) -> Fault {
    Fault(
      .labelsFlipped,
      "\(span(block)) \(percent(block.clickRate)) of \(block.count) impressions were clicked, usual are "
        + "\(percent(usual.clickRate)): the labels look flipped", in: block)
  }

  // MARK: - Features

  private func featureFault() -> Fault? {
    let isEnough = { (block: ExampleBlock) in block.count >= Self.exampleCountMin }
    let usual = ExampleBlock.merged(reference, until: isEnough)
    let new = ExampleBlock.merged(fresh, until: isEnough)
    for field in fieldNames.indices {
      if let fault = featureFault(field, usual: usual, new: new) { return fault }
    }
    return nil
  }

  private func featureFault(_ field: Int, usual: [ExampleBlock], new: [ExampleBlock]) -> Fault? {
    let hasReference = usual.count >= Self.stretchCountMin
    let pool = hasReference ? usual : usual + new
    guard pool.count >= Self.stretchCountMin else { return nil }
    let all = Self.total(pool.map { $0.values[field] })
    let spreads = pool.map { shift($0, field, all: all, excludingOwn: true) }
    let allowed = hasReference ? 1.5 * (spreads.max() ?? 0) : 3 * Self.median(spreads) + limits.featureShiftMax
    for block in new {
      let moved = shift(block, field, all: all, excludingOwn: !hasReference)
      let others = Double(all.values.reduce(0, +) - (hasReference ? 0 : block.count))
      let chance = Double(min(all.count, Self.valueCountMax) + 1) * 3 * (1 / Double(block.count) + 1 / max(others, 1))
      guard moved > max(limits.featureShiftMax, allowed, chance) else { continue }
      if hasReference || (Self.isConstant(block, field, all: all) && !Self.comesInRuns(field, pool, except: block)) {
        return Self.fault(block, name: fieldNames[field], field: field, moved: moved, all: all)
      }
    }
    return nil
  }

  /// Population stability index of a block against all others.
  private func shift(_ block: ExampleBlock, _ field: Int, all: [UInt32: Int], excludingOwn: Bool) -> Double {
    let own = block.values[field]
    var others = all
    if excludingOwn { for (code, count) in own { others[code, default: 0] -= count } }
    let bins = others.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(Self.valueCountMax).map(\.key)
    let before = bins.map { Double(others[$0] ?? 0) }
    let now = bins.map { Double(own[$0] ?? 0) }
    let restBefore = Double(others.values.reduce(0, +)) - before.reduce(0, +)
    let restNow = Double(block.count) - now.reduce(0, +)
    return Drift.populationStabilityIndex(expected: before + [restBefore], actual: now + [restNow]) ?? 0
  }

  private static func fault(
    _ block: ExampleBlock, name: String, field: Int, moved: Double, all: [UInt32: Int]
  ) -> Fault {
    isConstant(block, field, all: all)
      ? Fault(
        .featureConstant,
        "\(span(block)) '\(name)' has the same value in all \(block.count) impressions: look for who sends it",
        in: block)
      : Fault(
        .featureShift, "\(span(block)) '\(name)' is distributed otherwise than before (PSI \(text(moved)))", in: block)
  }

  /// Whether a block has one value only where no value is that common otherwise.
  private static func isConstant(_ block: ExampleBlock, _ field: Int, all: [UInt32: Int]) -> Bool {
    block.values[field].count == 1 && (all.values.max() ?? 0) * 10 < all.values.reduce(0, +) * 9
  }

  /// Whether other values, too, fill stretches on their own: many files aren't in random order.
  private static func comesInRuns(_ field: Int, _ pool: [ExampleBlock], except block: ExampleBlock) -> Bool {
    pool.contains { other in
      let values = other.values[field].filter { block.values[field][$0.key] == nil }
      return Double(values.values.max() ?? 0) >= runShareMin * Double(other.count)
    }
  }

  private static func total(_ counts: [[UInt32: Int]]) -> [UInt32: Int] {
    counts.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
  }

  // MARK: - Words

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  private static func span(_ block: ExampleBlock) -> String {
    func time(_ time: Milliseconds) -> String { Date(timeIntervalSince1970: Double(time) / 1000).formatted(.iso8601) }
    return "from \(time(block.start)) to \(time(block.end))"
  }

  private static func percent(_ share: Double) -> String { "\(text(share * 100)) %" }

  private static func text(_ number: Double) -> String { "\((number * 1000).rounded() / 1000)" }
}
