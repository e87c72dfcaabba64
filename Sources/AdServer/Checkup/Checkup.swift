import Catalog
import Events
import Learning
import Ranking

/// Whether a system's inputs and outputs are what they are defined to be, from the disk to the answer.
///
/// Reads only. Loads the catalog and ranks some requests ad by ad: seconds for a million ads.
public struct Checkup: Codable, Sendable, Equatable {
  /// In the order of a request's way: machine, files, features, model, answers, events, join.
  public let findings: [Finding]

  /// Looks at an opened system. A part that can't be read is a finding, never an error.
  ///
  /// - parameter now: the time that the clock's own check compares with what the log holds.
  public init(_ system: AdSystem, now: Milliseconds = WallClock.now()) {
    let machine = MachineCheck(system)
    var findings = [machine.disk, machine.clock(now), machine.descriptors, machine.keys]
    let data = DataCheck(system)
    findings += [data.log, data.join, data.invariants]
    findings += Self.serving(system)
    self.findings = findings
  }

  /// Nothing failed. Warnings may be there.
  public var isHealthy: Bool { findings.allSatisfy { $0.status != .failed } }

  /// The parts that answers are made of.
  private static func serving(_ system: AdSystem) -> [Finding] {
    let catalog: CatalogSnapshot
    do { catalog = try system.openCatalog().merged() } catch {
      return [.failed("catalog", "\(error)", remedy: "import the catalog again with 'adloop catalog import FILE'")]
    }
    let model: Model
    do { model = try system.registry.model("current") } catch {
      return [.failed("model", "\(error)", remedy: "promote a model that is whole with 'adloop models promote ID'")]
    }
    let check = ServingCheck(system, catalog: catalog, model: model)
    return [check.catalogSize, check.attributes, check.landingPages, check.modelFile, check.features]
      + [check.experiments, check.goldenRequests, check.tokens, check.predictions]
  }
}
