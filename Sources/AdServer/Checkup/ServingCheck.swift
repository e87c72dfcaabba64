import Catalog
import Events
import Features
import Learning
import Ranking

/// What answers are made of: catalog, schema, model, tokens; and whether they are what they must be.
struct ServingCheck {
  private let system: AdSystem
  private let catalog: CatalogSnapshot
  private let model: Model

  /// Requests that are ranked ad by ad as well.
  private static let goldenCount = 3
  /// Newest impressions whose predictions are made again.
  private static let predictionCount = 1000

  init(_ system: AdSystem, catalog: CatalogSnapshot, model: Model) {
    self.system = system
    self.catalog = catalog
    self.model = model
  }

  var catalogSize: Finding {
    let active = (0..<catalog.count).count { catalog.isActive($0) }
    let text = "\(active) active of \(catalog.count) ads, version \(catalog.version)"
    guard active == 0 else { return .ok("catalog", text) }
    return .failed("catalog", text, remedy: "bring ads with 'adloop catalog import FILE'")
  }

  /// The schema's ad attributes, and the catalog's.
  var attributes: Finding {
    let missing = system.schema.adFields.map(\.name).filter { catalog.column($0) == nil }
    guard !missing.isEmpty else {
      return .ok("attributes", "the catalog has every attribute of the schema")
    }
    return .warning(
      "attributes", "no ad has \(missing.joined(separator: ", "))",
      remedy: "add the attributes to the catalog, or take them out of the features file")
  }

  var landingPages: Finding {
    let without = (0..<catalog.count).count { catalog.isActive($0) && catalog.creative($0).url.isEmpty }
    guard without > 0 else { return .ok("landing pages", "every active ad has one") }
    return .warning(
      "landing pages", "\(without) active ads have no url", remedy: "add a url: a click on them can't lead anywhere")
  }

  var modelFile: Finding {
    do {
      let again = try ModelFile.decode(ModelFile.encode(model), schema: system.schema)
      guard again == model else {
        return .failed("model", "\(model.id) changes when it is written and read", remedy: "report it with the file")
      }
      return .ok("model", "\(model.id), \(model.weightCount) weights, checksum right, the same when read back")
    } catch { return .failed("model", "\(error)", remedy: "promote another model") }
  }

  var features: Finding {
    guard let warning = model.featuresWarning else { return .ok("features", "the model was trained with this schema") }
    return .warning("features", warning, remedy: "train with this schema, or serve with the model's own --features")
  }

  var experiments: Finding {
    do {
      let wanted = try system.openExperiments().models.sorted()
      let missing = wanted.filter { (try? system.registry.model($0)) == nil }
      guard !missing.isEmpty else { return .ok("experiments", "every arm's model can be served") }
      return .failed(
        "experiments", "arms ask for \(missing.joined(separator: ", ")), which can't be served",
        remedy: "import the model, or change the arm: it is served with the live model")
    } catch { return .failed("experiments", "\(error)", remedy: "mend the file of experiments") }
  }

  /// The plan must answer as the definition of a ranking does, to the last bit.
  var goldenRequests: Finding {
    let plan = Plan(model: model, catalog: catalog)
    let requests = goldenContexts.map { context in
      RankRequest(
        context: context, slotCount: system.settings.ranking.slots, objective: system.settings.ranking.objective,
        reservePrice: system.settings.ranking.reservePrice)
    }
    let different = requests.count { request in
      plan.top(request).ads != ReferenceRanker.top(request, model: model, catalog: catalog).ads
    }
    let text = "\(requests.count - different) of \(requests.count) requests ranked bit-equal, \(plan.simd.rawValue)"
    guard different > 0 else { return .ok("golden requests", text) }
    return .failed("golden requests", text, remedy: "serve with \(SIMDLevel.variable)=portable and report it")
  }

  var tokens: Finding {
    let ad = catalog.count > 0 ? catalog.id(0) : "ad"
    var chance = SystemRandomNumberGenerator()
    let now = WallClock.now()
    let served = ServedAd(
      decision: DecisionID(time: now, using: &chance), slot: 1, time: now, user: "", context: [:], ad: ad,
      attributes: [:], model: model.id, ctr: 0.5, bid: 1, price: 1, traffic: .dryRun)
    do {
      guard try system.sealer.open(system.sealer.seal(served)) == served else {
        return .failed("tokens", "a token doesn't open to what was sealed", remedy: "report it")
      }
      return .ok("tokens", "sealed and opened again")
    } catch { return .failed("tokens", "\(error)", remedy: "restore the keys of the data directory") }
  }

  /// Predictions of served ads, made again from the log with the models that served them.
  var predictions: Finding {
    var models: [String: Model] = [:]
    var (checked, largest) = (0, 0.0)
    do {
      let first = try system.store.lastExample() - Int64(Self.predictionCount)
      try system.store.forEachExample(after: first, traffic: [.live]) { example in
        guard let model = models[example.model] ?? (try? system.registry.model(example.model)) else { return }
        models[example.model] = model
        checked += 1
        largest = max(largest, abs(example.probability(model) - example.ctr))
      }
    } catch { return .failed("predictions", "\(error)", remedy: "see the findings on log and join") }
    let text = "\(checked) served predictions made again, largest difference \(largest)"
    guard largest > 0 else { return .ok("predictions", text) }
    return .failed(
      "predictions", text, remedy: "features of serving and training differ: was the features file changed?")
  }

  /// No context at all, and contexts that some targeting rule asks for.
  private var goldenContexts: [[String: String]] {
    var contexts: [[String: String]] = [[:]]
    let rules = catalog.targetingRules.dropFirst()
    for rule in rules.prefix(Self.goldenCount - 1) {
      contexts.append(
        Dictionary(rule.targeting.allowed.compactMap { field, values in values.first.map { (field, $0) } }) { $1 })
    }
    return contexts
  }
}
