import Statistics
import Testing

@testable import Monitoring

@Suite("Diagnosis of planted faults")
struct DiagnosisTests {
  typealias World = RevenueWorld

  /// A fault in the window of the day in question, and what a diagnosis must say of it.
  struct Fault: Sendable, CustomTestStringConvertible {
    let kind: CauseKind
    let factor: RevenueFactor
    let place: [String: [String]]
    let change: @Sendable (World.Cell) -> World.Change
    var testDescription: String { "\(kind.rawValue) in \(place)" }
  }

  static let faults = [
    Fault(kind: .trafficLoss, factor: .requests, place: ["device": ["ios"]]) {
      $0.device == "ios" ? .init(requests: 0.5) : .init()
    },
    Fault(kind: .trafficLoss, factor: .requests, place: ["device": ["ios"], "category": ["banking"]]) {
      $0.device == "ios" && $0.category == "banking" ? .init(requests: 0.4) : .init()
    },
    Fault(kind: .wholeSiteTraffic, factor: .requests, place: [:]) { _ in .init(requests: 0.8) },
    Fault(kind: .fillLoss, factor: .fill, place: ["category": ["auto"]]) {
      $0.category == "auto" ? .init(fill: 0.6) : .init()
    },
    Fault(kind: .renderLoss, factor: .render, place: ["country": ["DE", "US"]]) {
      ["DE", "US"].contains($0.country) ? .init(render: 0.7) : .init()
    },
    Fault(kind: .clickLoss, factor: .ctr, place: ["device": ["desktop"]]) {
      $0.device == "desktop" ? .init(ctr: 0.6) : .init()
    },
    Fault(kind: .clickLoss, factor: .ctr, place: ["device": ["android"]]) {
      $0.device == "android" ? .init(ctr: 0.6, prediction: 1 / 0.6) : .init()
    },
    Fault(kind: .priceDrop, factor: .price, place: ["category": ["banking"]]) {
      $0.category == "banking" ? .init(price: 0.6) : .init()
    },
    Fault(kind: .wholeSitePrice, factor: .price, place: [:]) { _ in .init(price: 0.85) },
    Fault(kind: .modelMiscalibration, factor: .ctr, place: ["model": ["m42"], "country": ["US"]]) {
      $0.model == "m42" && $0.country == "US" ? .init(ctr: 0.6, prediction: 1.4 / 0.6) : .init()
    },
    Fault(kind: .flatPredictions, factor: .ctr, place: ["country": ["DE"]]) {
      $0.country == "DE" ? .init(ctr: 0.6, flatPrediction: 0.02) : .init()
    },
    Fault(kind: .positionSwap, factor: .ctr, place: ["slot": ["top"]]) {
      switch $0.slot {
      case "top": .init(ctr: 0.3, prediction: 1 / 0.3)
      case "side": .init(ctr: 3, prediction: 1.0 / 3)
      default: .init()
      }
    },
  ]

  @Test(
    "every kind of fault is found first, in its place and with its factor", arguments: faults, [11] as [UInt64])
  func findsFault(_ fault: Fault, seed: UInt64) throws {
    var world = World(seed: seed)
    let report = try world.table { day, isInWindow, cell in
      day == 3 && isInWindow ? fault.change(cell) : .init()
    }.diagnosed()
    let first = try #require(report.causes.first, "seed \(seed)")
    #expect(report.anomaly, "seed \(seed)")
    #expect(first.place == fault.place, "seed \(seed)")
    #expect(first.factor == fault.factor, "seed \(seed)")
    #expect(first.kind == fault.kind, "seed \(seed)")
    #expect(first.since == World.windowStart, "seed \(seed)")
    #expect(report.verdict == (fault.kind.isInfrastructure ? .infrastructure : .quality), "seed \(seed)")
  }

  @Test(
    "traffic that moves from a dear to a cheap country with the total unchanged is a mix shift",
    arguments: [21] as [UInt64])
  func findsMixShift(seed: UInt64) throws {
    var world = World(seed: seed)
    var requests = ["US": 0.0, "IN": 0.0]
    let usual = try world.table { _, _, _ in .init() }
    for (row, measures) in usual.measures.enumerated() {
      requests[usual.values[0][Int(usual.codes[0][row])], default: 0] += measures.requests
    }
    let gain = 1 + 0.5 * requests["US", default: 0] / requests["IN", default: 1]
    let report = try world.table { day, isInWindow, cell in
      guard day == 3, isInWindow else { return .init() }
      return .init(requests: cell.country == "US" ? 0.5 : cell.country == "IN" ? gain : 1)
    }.diagnosed()
    let first = try #require(report.causes.first, "seed \(seed)")
    #expect(first.place == ["country": ["US"]], "seed \(seed)")
    #expect(first.kind == .mixShift, "seed \(seed)")
    #expect(first.lossInPlace > first.loss, "seed \(seed)")
  }

  @Test("two causes at once are both named")
  func findsTwoCauses() throws {
    var world = World(seed: 31)
    let report = try world.table { day, isInWindow, cell in
      guard day == 3, isInWindow else { return .init() }
      return .init(fill: cell.device == "ios" ? 0.6 : 1, price: cell.category == "banking" ? 0.6 : 1)
    }.diagnosed()
    #expect(Set(report.causes.prefix(2).map(\.kind)) == [.fillLoss, .priceDrop])
  }

  @Test("a cause that began within the window is dated to its hour")
  func datesLateCause() throws {
    var world = World(seed: 41)
    let late = World.windowStart + 1
    var hour = -1
    let table = try world.table { day, isInWindow, cell in
      if cell.country == "BR", cell.device == "android", cell.category == "apps", cell.slot == "middle" { hour += 1 }
      return .init(fill: day == 3 && isInWindow && hour % 6 > 3 && cell.device == "ios" ? 0.4 : 1)
    }
    let first = try #require(try table.diagnosed().causes.first)
    #expect(first.kind == .fillLoss)
    #expect(first.since == late)
  }

  @Test("a day like the others is quiet", arguments: 51...54 as ClosedRange<UInt64>)
  func quietDay(seed: UInt64) throws {
    var world = World(seed: seed, requestsPerHour: 100_000)
    let report = try world.table { _, _, _ in .init() }.diagnosed()
    #expect(!report.anomaly, "seed \(seed): \(report.story)")
    #expect(report.verdict == .quiet)
  }

  @Test(
    "a weak day, a small element's usual swing and an odd reference day are quiet", arguments: [61, 62] as [UInt64])
  func quietDespiteMovement(seed: UInt64) throws {
    var weakDay = World(seed: seed)
    let weak = try weakDay.table { day, _, _ in .init(requests: day == 3 ? 0.8 : 1) }.diagnosed()
    #expect(!weak.anomaly, "seed \(seed): \(weak.story)")
    var swing = World(seed: seed)
    let swung = try swing.table { day, isInWindow, cell in
      .init(requests: day == 3 && isInWindow && cell.country == "IN" ? 0.8 : 1)
    }.diagnosed()
    #expect(!swung.anomaly, "seed \(seed): \(swung.story)")
    var odd = World(seed: seed)
    let repaired = try odd.table { day, isInWindow, _ in .init(requests: day == 1 && isInWindow ? 1.4 : 1) }.diagnosed()
    #expect(!repaired.anomaly, "seed \(seed): \(repaired.story)")
    #expect(repaired.repairs.count == 1, "seed \(seed)")
  }

  @Test("factor contributions add up to the change of revenue and their shares to 1", arguments: faults.prefix(2))
  func sharesAddUp(_ fault: Fault) throws {
    var world = World(seed: 71, requestsPerHour: 20_000)
    let report = try world.table { day, isInWindow, cell in
      day == 3 && isInWindow ? fault.change(cell) : .init()
    }.diagnosed()
    let sum = report.factors.reduce(0) { $0 + $1.contribution }
    #expect((sum - report.revenueChange).magnitude < 1e-6 * report.revenueForecast)
    #expect((report.factors.reduce(0) { $0 + ($1.share ?? 0) } - 1).magnitude < 1e-6)
    #expect(report.factors.map(\.factor) == RevenueFactor.allCases)
  }

  @Test("the same rows in another order give the same report")
  func orderOfRowsPlaysNoRole() throws {
    var world = World(seed: 81)
    let table = try world.table { day, isInWindow, cell in
      .init(render: day == 3 && isInWindow && cell.device == "ios" ? 0.5 : 1)
    }
    var shuffled = RevenueTable(dimensions: table.dimensions)
    var generator = SeededGenerator(seed: 82)
    for row in (0..<table.rowCount).shuffled(using: &generator) {
      let values = table.dimensions.indices.map { table.values[$0][Int(table.codes[$0][row])] }
      try shuffled.append(hour: table.hours[row], values: values, measures: table.measures[row])
    }
    #expect(try shuffled.diagnosed() == table.diagnosed())
  }

  @Test("without predictions click losses are still found")
  func findsClickLossWithoutPredictions() throws {
    var world = World(seed: 91)
    let report = try world.table { day, isInWindow, cell in
      .init(ctr: day == 3 && isInWindow && cell.device == "ios" ? 0.5 : 1, flatPrediction: 0)
    }.diagnosed()
    #expect(report.causes.first?.place == ["device": ["ios"]])
    #expect(report.causes.first?.kind == .clickLoss)
  }
}
