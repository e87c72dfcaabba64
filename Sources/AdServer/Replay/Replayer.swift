import Catalog
import Events
import Experiments
import Learning
import Ranking

/// Makes past decisions again, from a token and what the data directory still has.
///
/// A decision follows from catalog, model, request, seed and what campaigns had spent. The token has model, context, user and
/// seed. What has changed since is told; what the token doesn't have, the number of slots and the excluded ads, may be given.
struct Replayer {
  let snapshot: ServingSnapshot
  let ledger: CampaignLedger
  let settings: RankingSettings
  /// The model of an id; `nil` when it is no longer kept.
  let model: (String) -> Model?

  /// The decision of `served` made again.
  ///
  /// - parameter slots: ads that the request asked for; by default what the settings say, and at least the ad's own slot.
  func replay(_ served: ServedAd, slots: Int?, excluded: [String]) -> Replay {
    var replay = Replay(
      decision: served.decision.description, time: served.time, ad: served.ad, slot: served.slot, values: [], causes: []
    )
    guard let model = model(served.model) else {
      replay.add("model", served.model, String?.none)
      replay.causes.append("model \(served.model) is no longer kept; replay in a backup of that time")
      return replay
    }
    replay.add("model", served.model, model.id)
    let predicted = model.probability(context: served.context, attributes: served.attributes, slot: served.slot)
    replay.add("CTR by the token's own features", served.ctr, predicted)
    if predicted.bitPattern != served.ctr.bitPattern {
      replay.causes.append("the model or the features file isn't the one that served; see adloop doctor")
    }
    rank(served, model, slots: slots, excluded: excluded, &replay)
    return replay
  }

  private func rank(_ served: ServedAd, _ model: Model, slots: Int?, excluded: [String], _ replay: inout Replay) {
    var query = RankQuery(user: served.user, context: served.context)
    query.excluded = excluded
    let policy = Policy(
      assignments: snapshot.assigner.assign(user: served.user, decision: served.decision), snapshot: snapshot,
      settings: settings)
    query.slots = slots ?? max(policy.slots, served.slot)
    let admission = ledger.admission(snapshot.campaigns, user: served.user, now: served.time)
    let request = policy.request(query, context: served.context, admission: admission, id: served.decision)
    let plan = policy.plan.model.id == model.id ? policy.plan : Plan(model: model, catalog: snapshot.catalog)
    let list = plan.decide(request, exploration: policy.exploration, pricing: policy.pricing)
    replay.add("experiments", Self.text(served.experiments), Self.text(policy.arms))
    replay.add("objective", served.objective.rawValue, request.objective.rawValue)
    let chosen = list.ads.indices.contains(served.slot - 1) ? list.ads[served.slot - 1] : nil
    replay.add("ad", served.ad, chosen?.ad.id)
    let same = chosen.flatMap { $0.ad.id == served.ad ? $0 : nil }
    replay.add("CTR", served.ctr, same.map { model.probability(logit: $0.ad.logit, slot: served.slot) })
    replay.add("bid", served.bid, same?.ad.bid)
    replay.add("price", served.price, same?.price)
    replay.add("propensity", served.propensity, same?.propensity)
    guard !replay.isEqual else { return }
    replay.causes += causes(served, policy, request, plan, chosen?.ad.id)
  }

  /// What has changed since, as far as it can be seen.
  private func causes(
    _ served: ServedAd, _ policy: Policy, _ request: RankRequest, _ plan: Plan, _ chosen: String?
  ) -> [String] {
    var causes: [String] = []
    if served.experiments != policy.arms {
      causes.append("the user's arms are others: experiments have changed; see adloop experiment history")
    } else if served.objective != request.objective {
      causes.append("the objective is another: the settings have changed")
    }
    guard let row = snapshot.catalog.row(id: served.ad) else {
      return causes + ["the ad is no longer in the catalog; replay in a backup of that time"]
    }
    if snapshot.catalog.bid(row) != served.bid {
      causes.append("the ad's bid was \(served.bid) and is \(snapshot.catalog.bid(row))")
    }
    let attributes = snapshot.catalog.attributes(row)
    for (name, value) in served.attributes.sorted(by: { $0.key < $1.key }) where attributes[name] != value {
      causes.append("the ad's \(name) was '\(value)' and is '\(attributes[name] ?? "")'")
    }
    if chosen != served.ad {
      let report = AdReport(plan.explain(served.ad, request), plan, request)
      causes.append("now, of \(served.ad): \(report.reason)")
    }
    if causes.isEmpty {
      causes.append(
        "other ads, what campaigns had spent, or the settings have changed since, or the request named slots or excluded ads: "
          + "give --slots and --exclude, or replay in a backup of that time")
    }
    return causes
  }

  private static func text(_ arms: [String: String]) -> String {
    arms.isEmpty ? "none" : arms.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }
}

extension AdSystem {
  /// The decision of a token made again, on the catalog, the models and the spending of now. Loads what ``rank(_:)`` loads.
  ///
  /// - throws: ``TokenError`` for a text that isn't a token of this system.
  public func replay(_ token: String, slots: Int? = nil, excluded: [String] = []) throws -> Replay {
    let served = try sealer.open(token)
    let deployer = try Deployer(self, logger: logger)
    let replayer = Replayer(
      snapshot: deployer.state.load(), ledger: deployer.ledger, settings: settings.ranking,
      model: { try? self.registry.model($0) })
    return replayer.replay(served, slots: slots, excluded: excluded)
  }
}
