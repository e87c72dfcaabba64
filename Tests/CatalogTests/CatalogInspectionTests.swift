import Catalog
import Foundation
import Testing

@Suite("Inspection")
struct CatalogInspectionTests {
  @Test("counts, shares and quantiles are those of the ads")
  func numbers() throws {
    var ads = (1...10).map { Ad(id: "\($0)", bid: Double($0), attributes: ["category": $0 > 7 ? "shoes" : "travel"]) }
    ads[0].attributes = ["rare": "x"]
    ads[1].status = .paused
    ads[2].budget = Budget(daily: 1)
    ads[3].targeting = ["country": ["DE"]]
    ads[4].targeting = ["country": ["DE"]]
    ads[5].targeting = ["country": ["AT"], "device": ["mobile"]]
    let inspection = CatalogInspection(try catalog(ads))
    #expect(inspection.adCount == 10)
    #expect(inspection.activeCount == 9)
    #expect(inspection.budgetedCount == 1)
    #expect(inspection.attributes.map(\.name) == ["category", "rare"])
    #expect(inspection.attributes.map(\.missingShare) == [0.1, 0.9])
    #expect(inspection.attributes[0].topValues.map(\.value) == ["travel", "shoes"])
    #expect(inspection.attributes[0].topValues.map(\.adCount) == [6, 3])
    #expect(inspection.targeting.ruleCount == 2)
    #expect(inspection.targeting.targetedShare == 0.3)
    #expect(inspection.targeting.fields.map(\.value) == ["country", "device"])
    #expect(inspection.targeting.topRules.map(\.value) == ["country in DE", "country in AT, device in mobile"])
    #expect(inspection.bids.quantiles.map(\.bid) == [1, 1, 3, 5, 8, 10, 10])
    #expect(inspection.bids.histogram.map(\.adCount).reduce(0, +) == 10)
    #expect(inspection.bids.histogram.allSatisfy { $0.lower < $0.upper })
  }

  @Test("it survives JSON, and its table names every attribute")
  func forms() throws {
    let inspection = CatalogInspection(try randomCatalog(seed: 1, count: 100))
    let data = try JSONEncoder().encode(inspection)
    #expect(try JSONDecoder().decode(CatalogInspection.self, from: data) == inspection)
    #expect(inspection.attributes.allSatisfy { inspection.table.contains($0.name) })
    #expect(inspection.table.contains(inspection.version))
  }

  @Test("an empty catalog and the highest bids are fine")
  func extremes() throws {
    #expect(CatalogInspection(.empty).bids.histogram.isEmpty)
    #expect(CatalogInspection(.empty).table.contains("0 ads"))
    let extreme = CatalogInspection(try catalog([Ad(id: "a", bid: 0), Ad(id: "b", bid: .greatestFiniteMagnitude)]))
    #expect(extreme.bids.histogram.first?.adCount == 1)
    #expect(extreme.bids.histogram.last?.adCount == 1)
    _ = try JSONEncoder().encode(extreme)
  }
}
