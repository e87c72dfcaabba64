import Features

extension Model {
  /// The logit of a click on an ad shown in a slot: bias + Σ weights whose fields all match + slot, exact; may be −∞.
  ///
  /// - parameter context: raw values by context field.
  /// - parameter attributes: raw values by ad attribute.
  public func logit(context: [String: String], attributes: [String: String], slot: Int) -> Double {
    var sum = logit(bias, slot: slot)
    forEachMatch(contextNumbers: contextNumbers(context), adNumbers: adNumbers(attributes)) {
      sum += patterns[$0].weights[$1]
    }
    return sum
  }

  /// The probability of a click on an ad shown in a slot, calibrated.
  public func probability(context: [String: String], attributes: [String: String], slot: Int) -> Double {
    calibration.probability(logit: logit(context: context, attributes: attributes, slot: slot))
  }

  /// A logit without slot, moved to a slot.
  public func logit(_ logit: Double, slot: Int) -> Double { logit + (slots[slot] ?? 0) }

  /// The calibrated probability of a logit without slot when the ad is shown in `slot`.
  public func probability(logit: Double, slot: Int) -> Double {
    calibration.probability(logit: self.logit(logit, slot: slot))
  }

  /// The weights that match, in the order of the model's patterns: what each feature adds to the logit.
  public func contributions(context: [String: String], attributes: [String: String]) -> [Contribution] {
    var contributions: [Contribution] = []
    forEachMatch(contextNumbers: contextNumbers(context), adNumbers: adNumbers(attributes)) {
      contributions.append(contribution(patterns[$0], $1))
    }
    return contributions
  }

  /// For each context field of the schema, the number of its value, `nil` where the model never mentions it.
  func contextNumbers(_ context: [String: String]) -> [UInt32?] {
    schema.contextFields.enumerated().map { index, field in
      field.canonicalValue(context[field.name]).flatMap { contextValues[index].number($0) }
    }
  }

  /// For each ad attribute of the schema, the number of its value, `nil` where the model never mentions it.
  func adNumbers(_ attributes: [String: String]) -> [UInt32?] {
    schema.adFields.enumerated().map { index, field in
      field.canonicalValue(attributes[field.name]).flatMap { adValues[index].number($0) }
    }
  }

  /// Calls `body` with the pattern and the place in it of each weight whose fields all match.
  func forEachMatch(
    contextNumbers: [UInt32?], adNumbers: [UInt32?], _ body: (_ pattern: Int, _ index: Int) -> Void
  ) {
    for (number, pattern) in patterns.enumerated() {
      let key =
        pattern.template.context.compactMap { contextNumbers[$0] } + pattern.template.ad.compactMap { adNumbers[$0] }
      guard key.count == pattern.width, let index = pattern.index(of: key) else { continue }
      body(number, index)
    }
  }

  private func contribution(_ pattern: WeightPattern, _ index: Int) -> Contribution {
    let key = Array(pattern.key(index))
    let context = pattern.template.context.enumerated().map { place, field in
      (schema.contextFields[field].name, contextValues[field].values[Int(key[place])])
    }
    let ad = pattern.template.ad.enumerated().map { place, field in
      (schema.adFields[field].name, adValues[field].values[Int(key[context.count + place])])
    }
    return Contribution(
      context: Dictionary(uniqueKeysWithValues: context), ad: Dictionary(uniqueKeysWithValues: ad),
      weight: pattern.weights[index])
  }
}

/// What one feature adds to a logit.
public struct Contribution: Codable, Sendable, Equatable {
  /// Canonical values by context field.
  public let context: [String: String]
  /// Canonical values by ad attribute.
  public let ad: [String: String]
  /// May be −∞.
  public let weight: Double
}
