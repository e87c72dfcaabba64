import Catalog
import Events
import Foundation

/// Makes the faults that lie in the server, as its operator could by mistake: through /admin.
public final class FaultControl {
  private let client: AdLoopClient
  private let world: World
  /// Faults in force, by their index in the schedule.
  private var active: Set<Int> = []

  /// - parameter client: a client that has the admin token.
  public init(client: AdLoopClient, world: World) {
    self.client = client
    self.world = world
  }

  /// Begins and ends the faults that are due, and keeps them in force.
  ///
  /// - parameter leftOut: takes why a fault can't be made; the run goes on without it.
  func update(time: Milliseconds, faults schedule: FaultSchedule, leftOut: inout [Int: String]) throws {
    for (index, fault) in schedule.faults.enumerated() where fault.kind.isAtServer && leftOut[index] == nil {
      let isDue = fault.from <= time && time < fault.to
      guard isDue != active.contains(index) else { continue }
      do { try change(fault, isOn: isDue) } catch {
        leftOut[index] = "\(error)"
        continue
      }
      if isDue { active.insert(index) } else { active.remove(index) }
    }
  }

  private func change(_ fault: Fault, isOn: Bool) throws {
    switch fault.kind {
    case .priceCut: try multiplyBids(ofCategory: fault.place["category"] ?? "", by: isOn ? 1 - fault.strength : 1)
    case .staleModel: try promoteOldest(isOn: isOn)
    default: throw ClientError("\(fault.kind.rawValue) can't be made from outside the server")
    }
  }

  /// Ads of one call; more lines than that are sent in several.
  private static let adCountMax = 5000

  private func multiplyBids(ofCategory category: String, by factor: Double) throws {
    let catalog = world.catalog
    var ads: [Ad] = []
    for row in 0..<catalog.count where catalog.column("category")?.value(row) == category {
      var ad = catalog.ad(row)
      ad.bid = max(0.01, (100 * ad.bid * factor).rounded() / 100)
      ads.append(ad)
    }
    for first in stride(from: 0, to: ads.count, by: Self.adCountMax) {
      var body: [UInt8] = []
      for ad in ads[first..<min(first + Self.adCountMax, ads.count)] {
        body += ad.json + [UInt8(ascii: "\n")]
      }
      _ = try client.call("POST", "/admin/ads", mediaType: "application/x-ndjson", body: body)
    }
  }

  private func promoteOldest(isOn: Bool) throws {
    guard isOn else {
      _ = try client.call("POST", "/admin/models/rollback")
      return
    }
    let list = try JSONValue(parsing: client.call("GET", "/admin/models"))
    guard case .array(let models) = list, case .object(let oldest)? = models.first,
      let id = oldest.first(where: { $0.name == "id" })?.value.scalarText
    else { throw ClientError("the server lists no models") }
    _ = try client.call("POST", "/admin/models/\(id)/promote")
  }
}
