import Events
import Foundation

/// How one person sees every ad on one page at one time, as sums that take a few additions an ad.
struct Viewpoint {
  let truth: AdTruth
  let time: Milliseconds
  let taste: SIMD4<Float>
  /// By advertiser code.
  let advertisers: [Float]
  /// What is true.
  let full: Sums
  /// What the context fields and ad attributes tell a model that knows every effect of the schema's fields and crosses.
  let known: Sums

  /// What the view adds to the logit, by the ad's attribute codes.
  struct Sums {
    let categories: [Float]
    let audiences: [Float]
    let formats: [Float]

    fileprivate func logit(_ kind: AdKind) -> Float {
      categories[kind.category] + audiences[kind.audience] + formats[kind.format]
    }

    fileprivate var max: Float {
      [categories, audiences, formats].reduce(0) { $0 + ($1.max() ?? 0) }
    }
  }

  /// The true logit of an ad, before fatigue.
  func logit(_ kind: AdKind) -> Float {
    let campaign = truth.campaigns[kind.campaign]
    return World.baseLogit + kind.appeal + full.logit(kind) + advertisers[kind.advertiser]
      + (campaign.taste * taste).sum() + campaign.drift(time)
  }

  /// The expected logit of an ad given the fields of the schema alone, shrunk for what they leave open, so that σ of it is
  /// the probability averaged over the hidden effects (the probit approximation of MacKay 1992).
  func knownLogit(_ kind: AdKind) -> Float {
    let logit = World.baseLogit + kind.appeal + known.logit(kind) + advertisers[kind.advertiser]
    return logit * Self.shrinkage
  }

  /// Variance of the logit that no field of the schema tells: the leaning against category, audience and campaign, the
  /// interest against the campaign, the browser against the format, and drift.
  private static let hiddenVariance: Float = {
    let leaning = Float(Population.leaningDeviation * Population.leaningDeviation) * 4 * (1 + 0.16 + 0.04)
    let campaign = Float(CampaignTruth.tasteDeviation * CampaignTruth.tasteDeviation) * 4 * 0.25
    return leaning + campaign + 0.01 + 0.01
  }()
  private static let shrinkage = 1 / (1 + .pi / 8 * hiddenVariance).squareRoot()

  /// No ad's logit is higher.
  var logitMax: Float {
    World.baseLogit + max(full.max, known.max) + (advertisers.max() ?? 0) + truth.appealMax
      + truth.tasteLengthMax * (taste * taste).sum().squareRoot()
  }
}
