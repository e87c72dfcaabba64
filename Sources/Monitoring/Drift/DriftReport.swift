/// How far what is served, shown and clicked has moved from what it was.
public struct DriftReport: Sendable, Encodable, Equatable {
  /// With what a window is compared.
  public enum Reference: String, Sendable, Codable {
    case lastWeek = "last_week"
    case timeBefore = "time_before"

    var words: String {
      switch self {
      case .lastWeek: "the same hours last week"
      case .timeBefore: "the time just before, since last week has too little data"
      }
    }
  }

  public enum Verdict: String, Sendable, Codable {
    case drifted, steady
    case tooFew = "too_few"
  }

  /// One distribution against its reference.
  public struct Row: Sendable, Encodable, Equatable {
    public let subject: DriftSubject
    public let referenceCount: UInt64
    public let currentCount: UInt64
    public let verdict: Verdict
    /// `nil` with too few observations to compare, as the next ones.
    public let psi: Double?
    /// In bits.
    public let jensenShannon: Double?
    public let psiLimit: Double?
    public let jensenShannonLimit: Double?
    /// Pairs of earlier windows that the limits were learnt from.
    public let pairCount: Int?
    public let words: String
  }

  public let windowStart: UTCHour
  /// The first hour after the window.
  public let windowEnd: UTCHour
  public let reference: Reference
  public let referenceStart: UTCHour
  public let referenceEnd: UTCHour
  /// Drifted ones first, by how far they exceed their limit; then the rest in the order of the funnel.
  public let rows: [Row]

  public var drifted: [Row] { rows.filter { $0.verdict == .drifted } }

  /// Fewer observations than this on either side say nothing.
  public static let observationCountMin: UInt64 = 200

  /// Compares a window with its reference.
  ///
  /// - parameter pairs: earlier windows, each with its own reference, as the limits' measure.
  public init(
    window: Range<UTCHour>, reference: Reference, referenceStart: UTCHour,
    before: [DriftSubject: ObservedDistribution], now: [DriftSubject: ObservedDistribution],
    pairs: [(before: [DriftSubject: ObservedDistribution], now: [DriftSubject: ObservedDistribution])]
  ) {
    windowStart = window.lowerBound
    windowEnd = window.upperBound
    self.reference = reference
    self.referenceStart = referenceStart
    referenceEnd = referenceStart + (window.upperBound - window.lowerBound)
    let subjects = Set(before.keys).union(now.keys).sorted()
    let rows = subjects.map { subject in
      let earlier = pairs.compactMap { Self.effect($0.before[subject], $0.now[subject]) }
      return Row(subject, before: before[subject], now: now[subject], pairs: earlier)
    }
    let drifted = rows.filter { $0.verdict == .drifted }.sorted { $0.excess > $1.excess }
    self.rows = drifted + rows.filter { $0.verdict != .drifted }
  }

  /// `nil` where either side has fewer than ``observationCountMin``.
  static func effect(_ before: ObservedDistribution?, _ now: ObservedDistribution?) -> DriftEffect? {
    guard let before, let now, min(before.total, now.total) >= observationCountMin else { return nil }
    return DriftEffect(from: before, to: now)
  }
}

extension DriftReport.Row {
  init(
    _ subject: DriftSubject, before: ObservedDistribution?, now: ObservedDistribution?, pairs: [DriftEffect]
  ) {
    let (referenceCount, currentCount) = (before?.total ?? 0, now?.total ?? 0)
    guard let effect = DriftReport.effect(before, now) else {
      self.init(
        subject: subject, referenceCount: referenceCount, currentCount: currentCount, verdict: .tooFew, psi: nil,
        jensenShannon: nil, psiLimit: nil, jensenShannonLimit: nil, pairCount: nil,
        words: "too few: \(referenceCount) before, \(currentCount) now, "
          + "\(DriftReport.observationCountMin) are needed of each")
      return
    }
    let limits = DriftLimits(for: effect, pairs: pairs)
    let isDrifted = limits.isExceeded(by: effect)
    let percent = { (share: Double) in "\((1000 * share).rounded() / 10) %" }
    let move = effect.largestMove
    self.init(
      subject: subject, referenceCount: referenceCount, currentCount: currentCount,
      verdict: isDrifted ? .drifted : .steady, psi: effect.psi, jensenShannon: effect.jensenShannon,
      psiLimit: limits.psi, jensenShannonLimit: limits.jensenShannon, pairCount: limits.pairCount,
      words: "\(move.bin) from \(percent(move.before)) to \(percent(move.now))"
        + (limits.isCalibrated ? "" : "; limit not calibrated, \(limits.pairCount) earlier pairs of windows"))
  }

  /// PSI over its limit.
  var excess: Double { psi.flatMap { psi in psiLimit.map { psi / $0 } } ?? 0 }
}
