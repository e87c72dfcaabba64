import Catalog
import Features
import Statistics

extension Model {
  /// The mean logit of the best ads, by bid × CTR, of a sample of the catalog for a few random contexts.
  ///
  /// It says where a bound of scores has to be tight. Reproducible; −3, a CTR of 5 %, when nothing can be sampled.
  func typicalWinningLogit(_ catalog: CatalogSnapshot) -> Double {
    var generator = SeededGenerator(seed: 1)
    let rows = stride(from: 0, to: catalog.count, by: max(catalog.count / 1_000, 1)).filter { catalog.isActive($0) }
    let ads = rows.map { (bid: catalog.bids[$0], numbers: adNumbers(catalog.attributes($0))) }
    let winners: [Double] = (0..<8).compactMap { _ in
      let context = contextValues.map { UInt32.random(in: 0...UInt32($0.values.count), using: &generator) }
      let logits = ads.map { ad in
        var logit = logit(bias, slot: 1)
        forEachMatch(contextNumbers: context, adNumbers: ad.numbers) { logit += patterns[$0].weights[$1] }
        return logit
      }
      let best = zip(ads, logits).max { score($0) < score($1) }
      return best.map(\.1).flatMap { $0.isFinite ? $0 : nil }
    }
    return winners.isEmpty ? -3 : winners.reduce(0, +) / Double(winners.count)
  }

  private func score(_ ad: (ad: (bid: Double, numbers: [UInt32?]), logit: Double)) -> Double {
    ad.ad.bid * calibration.probability(logit: ad.logit)
  }
}
