import Statistics

@testable import Monitoring

/// A small site with known truth: it makes tables in which a fault can be planted in the window of the day in question.
struct RevenueWorld {
  /// What happens to one cell in one hour, as multipliers.
  struct Change {
    var requests = 1.0
    var fill = 1.0
    var render = 1.0
    var ctr = 1.0
    var price = 1.0
    /// Of the predicted clicks, besides what `ctr` does to them.
    var prediction = 1.0
    var flatPrediction: Double?
  }

  /// The dimension values of one cell.
  struct Cell {
    let country: String
    let device: String
    let category: String
    let model: String
    let slot: String
  }

  static let windowStart = UTCHour("2024-05-20T12")!
  static let windowEnd = windowStart + 3
  static let referenceDays = ["2024-04-29", "2024-05-06", "2024-05-13"].map { UTCHour($0)! }

  private static let dimensions = ["country", "device", "category", "model", "slot"]
  private static let prices = ["US": 0.9, "DE": 0.8, "FR": 0.6, "BR": 0.3, "IN": 0.15]
  private static let categories = ["apps": 0.6, "auto": 1.2, "banking": 1.5, "retail": 0.8]
  private static let slots = ["top": 0.033, "middle": 0.019, "side": 0.0085]

  private var generator: SeededGenerator
  private let requestsPerHour: Double
  private let cells: [(cell: Cell, weight: Double, ctr: Double, price: Double)]

  init(seed: UInt64, requestsPerHour: Double = 300_000) {
    generator = SeededGenerator(seed: seed)
    self.requestsPerHour = requestsPerHour
    var made: [(cell: Cell, weight: Double, ctr: Double, price: Double)] = []
    for (country, price) in Self.prices.sorted(by: { $0.key < $1.key }) {
      for device in ["android", "desktop", "ios"] {
        for (category, dearness) in Self.categories.sorted(by: { $0.key < $1.key }) {
          for (slot, ctr) in Self.slots.sorted(by: { $0.key < $1.key }) {
            let model = generator.nextUniform() < 0.5 ? "m41" : "m42"
            made.append(
              (
                Cell(country: country, device: device, category: category, model: model, slot: slot),
                generator.nextLogNormal(logMean: 0, logDeviation: 0.5),
                ctr * generator.nextLogNormal(logMean: 0, logDeviation: 0.15), price * dearness
              ))
          }
        }
      }
    }
    let total = made.reduce(0) { $0 + $1.weight }
    cells = made.map { ($0.cell, $0.weight / total, $0.ctr, $0.price) }
  }

  /// Four days of three hours before the window and its three hours. `change` is asked for the day (0…3, 3 is the day in
  /// question), whether the hour is in the window, and the cell.
  mutating func table(_ change: (_ day: Int, _ isInWindow: Bool, _ cell: Cell) -> Change) throws -> RevenueTable {
    var table = RevenueTable(dimensions: Self.dimensions)
    for day in 0...3 {
      var wobbles: [String: (requests: Double, ctr: Double, price: Double)] = [:]
      let names = cells.flatMap { [$0.cell.country, $0.cell.device, $0.cell.category, $0.cell.model, $0.cell.slot] }
      for name in Set(names).sorted() {
        wobbles[name] = (wobble(0.03), wobble(0.02), wobble(0.02))
      }
      for hour in -3..<3 {
        let level = requestsPerHour * (1 - 0.08 * Double(hour + 3)) * (1 + 0.01 * Double(day))
        for index in cells.indices {
          let cell = cells[index].cell
          let own = [cell.country, cell.device, cell.category, cell.model, cell.slot].compactMap { wobbles[$0] }
          let measures = measures(
            cells[index], level: level, change: change(day, hour >= 0, cell),
            wobble: own.reduce((1, 1, 1)) { ($0.0 * $1.requests, $0.1 * $1.ctr, $0.2 * $1.price) })
          guard measures.requests > 0 else { continue }
          try table.append(
            hour: Self.windowStart + (hour - 24 * 7 * (3 - day)),
            values: [cell.country, cell.device, cell.category, cell.model, cell.slot], measures: measures)
        }
      }
    }
    return table
  }

  private mutating func wobble(_ deviation: Double) -> Double {
    generator.nextLogNormal(logMean: 0, logDeviation: deviation)
  }

  private mutating func measures(
    _ cell: (cell: Cell, weight: Double, ctr: Double, price: Double), level: Double, change: Change,
    wobble: (requests: Double, ctr: Double, price: Double)
  ) -> RevenueMeasures {
    let requests = generator.nextPoisson(
      mean: level * cell.weight * wobble.requests * change.requests * self.wobble(0.03))
    let filled = thinned(requests, by: 0.9 * change.fill)
    let impressions = thinned(filled, by: 0.96 * change.render)
    let ctr = cell.ctr * wobble.ctr * change.ctr
    let clicks = min(impressions, generator.nextPoisson(mean: Double(impressions) * ctr))
    let scatter = 0.3 * generator.nextNormal() / Double(max(1, clicks)).squareRoot()
    return RevenueMeasures(
      requests: Double(requests), filled: Double(filled), impressions: Double(impressions), clicks: Double(clicks),
      revenue: Double(clicks) * cell.price * wobble.price * change.price * max(0.05, 1 + scatter),
      predictedClicks: Double(impressions) * (change.flatPrediction ?? ctr * change.prediction) * self.wobble(0.01))
  }

  /// A binomial count by its normal approximation.
  private mutating func thinned(_ count: Int, by share: Double) -> Int {
    let mean = Double(count) * share
    let drawn = mean + (mean * (1 - share)).squareRoot() * generator.nextNormal()
    return max(0, min(count, Int(drawn.rounded())))
  }
}

extension RevenueTable {
  /// The diagnosis of the world's window.
  func diagnosed() throws -> DiagnosisReport {
    try Diagnosis.run(
      self, windowStart: RevenueWorld.windowStart, windowEnd: RevenueWorld.windowEnd,
      referenceDays: RevenueWorld.referenceDays)
  }
}
