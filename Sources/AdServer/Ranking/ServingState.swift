import Atomics
import Catalog
import Experiments
import Features
import Ranking

/// Everything a request is answered from, immutable: the catalog, the experiments, and a plan for each model in use.
public final class ServingSnapshot: AtomicReference, Sendable {
  public let catalog: LiveCatalog
  /// The campaigns of the catalog's ads.
  let campaigns: CampaignMap
  let schema: Schema
  let assigner: Assigner
  /// The plan of the live model.
  let live: Plan
  /// Plans of the models that experiments use, by model id.
  let plans: [String: Plan]
  /// Names of the context fields that the schema or a targeting rule looks at.
  let contextNames: Set<String>
  /// The attributes that the schema knows, of the ads that the catalog's snapshot has.
  private let schemaColumns: [AttributeColumn]

  init(
    catalog: LiveCatalog, campaigns: CampaignMap, schema: Schema, assigner: Assigner, live: Plan,
    plans: [String: Plan]
  ) {
    self.catalog = catalog
    self.campaigns = campaigns
    self.schema = schema
    self.assigner = assigner
    self.live = live
    self.plans = plans
    contextNames = Set(schema.contextFields.map(\.name)).union(catalog.targetedFields)
    schemaColumns = catalog.base.columns.filter { schema.adIndex($0.name) != nil }
  }

  /// The raw values of an ad by the attributes of the schema, which ascend by their bytes.
  func schemaAttributes(_ row: Int) -> [(key: String, value: String)] {
    guard row >= catalog.base.count else {
      return schemaColumns.compactMap { column in column.value(row).map { (column.name, $0) } }
    }
    return catalog.attributes(row).filter { schema.adIndex($0.key) != nil }.sorted {
      ExactText($0.key) < ExactText($1.key)
    }
  }

  /// Where a click on the ad leads, from the catalog: empty when it leads nowhere, `nil` when the ad is gone.
  func landingPage(of ad: String) -> String? {
    catalog.row(id: ad).map { catalog.creative($0).url }
  }

  /// Whether the ad may be shown as far as its owner is concerned.
  func isActive(_ ad: String) -> Bool {
    catalog.row(id: ad).map { catalog.isActive($0) } ?? false
  }
}

/// The one pointer through which requests see the system. Reading takes no lock; a swap is one atomic store.
public struct ServingState: Sendable {
  private let reference: ManagedAtomic<ServingSnapshot>

  init(_ snapshot: ServingSnapshot) {
    reference = ManagedAtomic(snapshot)
  }

  /// The snapshot of this moment; keep it for the whole of a request.
  public func load() -> ServingSnapshot { reference.load(ordering: .acquiring) }

  /// Lets every later request see `snapshot`.
  func store(_ snapshot: ServingSnapshot) { reference.store(snapshot, ordering: .releasing) }
}
