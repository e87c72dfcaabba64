import Foundation
import Monitoring
import Statistics
import Testing

@Suite("Drift")
struct DriftReportTests {
  private typealias Window = [DriftSubject: ObservedDistribution]

  private static let device = DriftSubject(.shown, .context, "device")
  private static let start = UTCHour(hoursSince1970: 500_000)

  private func report(_ before: Window, _ now: Window, pairs: [(before: Window, now: Window)] = []) -> DriftReport {
    DriftReport(
      window: Self.start..<(Self.start + 1), reference: .lastWeek, referenceStart: Self.start + -168, before: before,
      now: now, pairs: pairs)
  }

  private func counts(_ counts: [String: UInt64]) -> Window { [Self.device: .values(.init(counts: counts))] }

  @Test("PSI and Jensen-Shannon are those of the textbook, on the counts by bin with rare ones together")
  func exact() throws {
    let before: [String: UInt64] = ["a": 600, "b": 300, "c": 96, "x": 3, "y": 1]
    let now: [String: UInt64] = ["a": 300, "b": 600, "c": 94, "x": 2, "z": 4]
    let row = try #require(report(counts(before), counts(now)).rows.first)
    let (p, q) = ([600.0, 300, 96, 4], [300.0, 600, 94, 6])
    let smooth = { (counts: [Double]) in counts.map { ($0 + 0.5) / (1000 + 2) } }
    let psi = zip(smooth(p), smooth(q)).reduce(0) { $0 + ($1.1 - $1.0) * log($1.1 / $1.0) }
    let divergence = zip(p, q).reduce(0.0) { sum, pair in
      let (p, q) = (pair.0 / 1000, pair.1 / 1000)
      return sum + p / 2 * log2(2 * p / (p + q)) + q / 2 * log2(2 * q / (p + q))
    }
    #expect(abs(try #require(row.psi) - psi) < 1e-12)
    #expect(abs(try #require(row.jensenShannon) - divergence) < 1e-12)
    #expect(row.verdict == .drifted)
    #expect(row.words.hasPrefix("a from 60.0 % to 30.0 %") || row.words.hasPrefix("b from 30.0 % to 60.0 %"))
  }

  @Test("too few observations on either side are no verdict, and are told")
  func tooFew() throws {
    let many = counts(["a": 5_000])
    for (before, now) in [(many, counts(["b": 199])), (counts(["b": 199]), many), (many, [:]), ([:], many)] {
      let report = report(before, now)
      #expect(report.rows.map(\.verdict) == [.tooFew])
      #expect(report.rows[0].psi == nil)
      #expect(report.rows[0].words.contains("200 are needed"))
      #expect(report.story.contains("nothing can be compared"))
    }
    #expect(report(many, counts(["b": 200])).rows.map(\.verdict) == [.drifted])
  }

  @Test("a limit follows how much earlier windows differ: what always varies is no drift")
  func calibrated() throws {
    let (before, now) = (counts(["a": 6_000, "b": 4_000]), counts(["a": 4_000, "b": 6_000]))
    let restless = Array(repeating: (before: now, now: before), count: 10)
    let calm = Array(repeating: (before: before, now: before), count: 10)
    #expect(report(before, now, pairs: restless).rows.map(\.verdict) == [.steady])
    let drifted = try #require(report(before, now, pairs: calm).rows.first)
    #expect(drifted.verdict == .drifted && drifted.pairCount == 10)
    #expect(drifted.psiLimit == DriftLimits.psiMin)
    let uncalibrated = try #require(report(before, now).rows.first)
    #expect(uncalibrated.psiLimit == DriftLimits.uncalibratedPSI && uncalibrated.verdict == .steady)
    #expect(uncalibrated.words.contains("not calibrated"))
  }

  /// Hourly windows whose shares follow the hour of the day, with each decision counted for two ads.
  private struct Traffic {
    static let fields = ["device": 3, "page": 8, "country": 20, "advertiser": 100]
    let seed: UInt64
    var decisionsPerHour = 400.0

    func window(_ hour: Int, shifted: String? = nil) -> Window {
      var random = SeededGenerator(seed: seed &+ UInt64(hour) &* 7919)
      let volume = decisionsPerHour * (1 + 0.7 * sin(Double(hour % 24) / 24 * 2 * .pi))
      return Self.fields.sorted { $0.key < $1.key }.reduce(into: [:]) { window, field in
        let weights = (0..<field.value).map { value in
          (1 + 0.5 * sin(Double(hour % 24 + value * 5))) / Double(value + 1)
            * (field.key == shifted && value == 0 ? 0.2 : 1)
        }
        let sums = weights.reduce(into: [Double]()) { $0.append(($0.last ?? 0) + $1) }
        var counts: [String: UInt64] = [:]
        for _ in 0..<Int(volume) {
          let point = Double.random(in: 0..<sums[sums.count - 1], using: &random)
          counts["\(sums.firstIndex { point < $0 } ?? 0)", default: 0] += 2
        }
        window[DriftSubject(.shown, .context, field.key)] = .values(.init(counts: counts))
      }
    }
  }

  @Test("four quiet weeks, looked at every fourth hour, have no drift", arguments: [1, 68, 83] as [UInt64])
  func quiet(seed: UInt64) {
    let traffic = Traffic(seed: seed)
    let windows = (0..<6 * 168).map { $0.isMultiple(of: 4) ? traffic.window($0) : [:] }
    for hour in stride(from: 2 * 168, to: windows.count, by: 4) {
      let pairs = (1...7).map { (before: windows[hour - 168 - 24 * $0], now: windows[hour - 24 * $0]) }
      let report = report(windows[hour - 168], windows[hour], pairs: pairs)
      #expect(report.drifted.isEmpty, "seed \(seed), hour \(hour): \(report.story)")
    }
  }

  @Test("a shift of one field is found and named", arguments: Array(Traffic.fields.keys))
  func planted(field: String) {
    let traffic = Traffic(seed: 3, decisionsPerHour: 6_000)
    let hour = 3 * 168 + 15
    let pairs = (1...14).map { (before: traffic.window(hour - 168 - 24 * $0), now: traffic.window(hour - 24 * $0)) }
    let report = report(traffic.window(hour - 168), traffic.window(hour, shifted: field), pairs: pairs)
    #expect(report.drifted.map(\.subject.name) == [field], "\(report.story)")
    #expect(report.drifted.first?.words.hasPrefix("0 from ") == true, "\(report.story)")
  }
}
