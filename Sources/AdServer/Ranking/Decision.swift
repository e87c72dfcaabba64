import Catalog
import Events
import Ranking

/// One answer of /rank: an ordered list of ads for one page view, and why it is what it is.
public struct Decision: Sendable {
  public var id: DecisionID
  /// Id of the model that ranked.
  public var model: String
  /// Arm by experiment.
  public var experiments: [String: String]
  /// Ads that the ranker looked at.
  public var scanned: Int
  /// Ads that were asked for.
  public var slots: Int
  public var ads: [DecidedAd]
  /// Why there are fewer ads than asked for.
  public var reason: String?
  /// What was served instead of what an experiment asks for, and why.
  public var fallback: String?
  /// What became of the ads that the request asked about.
  public var explained: [AdReport] = []
}

/// One ad of a decision.
public struct DecidedAd: Sendable {
  public var slot: Int
  /// The ad as it was ranked, its price and its propensity.
  public var chosen: ChosenAd
  /// Predicted probability of a click in the slot.
  public var ctr: Double
  public var token: String
  public var creative: Creative
  /// What each feature adds to the logit, when asked for.
  public var explanation: ScoreExplanation?

  public var id: String { chosen.ad.id }
}

extension Decision {
  /// The answer as JSON, as the contract has it.
  public var json: [UInt8] {
    var json = JSONWriter(capacity: 512 + 1024 * ads.count)
    json.object { json in
      json.member("decision", id.description)
      json.member("model", model)
      json.member("experiments", experiments)
      json.member("scanned", scanned)
      json.key("ads")
      json.array { json in for ad in ads { Self.write(ad, to: &json) } }
      if let reason { json.member("reason", reason) }
      if let fallback { json.member("fallback", fallback) }
      if !explained.isEmpty {
        json.key("explained")
        json.array { json in for report in explained { Self.write(report, to: &json) } }
      }
    }
    return json.bytes
  }

  /// The decision as the log keeps it for analysis.
  ///
  /// - parameter share: of all decisions that are kept.
  /// - parameter context: the values that the decision looked at.
  /// - parameter nanoseconds: that it took to make.
  func sampleEvent(share: Double, user: String, context: [String: String], nanoseconds: Int64) -> Event {
    var json = JSONWriter()
    json.object { json in
      json.member("decision", id.description)
      json.member("model", model)
      json.member("experiments", experiments)
      json.member("scanned", scanned)
      json.member("slots", slots)
      json.member("share", share)
      json.member("latency_ms", Double(nanoseconds) / 1e6)
      json.member("user", user)
      json.member("context", context)
      json.key("candidates")
      json.array { json in
        for ad in ads {
          json.object { json in
            json.member("ad", ad.id)
            json.member("ctr", ad.ctr)
            json.member("score", ad.chosen.ad.score)
            json.member("propensity", ad.chosen.propensity)
          }
        }
      }
    }
    return Event(kind: .decision, time: id.time, received: id.time, payload: json.bytes)
  }

  private static func write(_ ad: DecidedAd, to json: inout JSONWriter) {
    json.object { json in
      json.member("slot", ad.slot)
      json.member("ad", ad.id)
      json.member("ctr", ad.ctr)
      json.member("bid", ad.chosen.ad.bid)
      json.member("price", ad.chosen.price)
      json.member("score", ad.chosen.ad.score)
      json.member("propensity", ad.chosen.propensity)
      json.key("token")
      json.value(plain: ad.token)
      json.key("creative")
      json.object { json in
        json.member("title", ad.creative.title)
        json.member("image", ad.creative.image)
        json.member("url", ad.creative.url)
      }
      json.key("click")
      json.value(plain: "/click?t=", ad.token)
      if let explanation = ad.explanation { write(explanation, to: &json) }
    }
  }

  private static func write(_ report: AdReport, to json: inout JSONWriter) {
    json.object { json in
      json.member("ad", report.ad)
      json.member("verdict", report.verdict)
      json.member("reason", report.reason)
      if let rank = report.rank { json.member("rank", rank) }
      if let slot = report.slot { json.member("slot", slot) }
      if let score = report.score { json.member("score", score) }
      if let ctr = report.ctr { json.member("ctr", ctr) }
      if let bid = report.bid { json.member("bid", bid) }
      if let explanation = report.explanation { write(explanation, to: &json) }
    }
  }

  private static func write(_ explanation: ScoreExplanation, to json: inout JSONWriter) {
    json.key("explanation")
    json.object { json in
      json.member("bias", explanation.bias)
      json.member("slot", explanation.slot)
      json.key("features")
      json.array { json in
        for feature in explanation.features {
          json.object { json in
            json.member("name", feature.name)
            json.member("weight", feature.weight)
          }
        }
      }
      json.member("logit", explanation.logit)
    }
  }
}
