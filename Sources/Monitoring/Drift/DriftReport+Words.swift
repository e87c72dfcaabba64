extension DriftReport {
  /// The findings in sentences.
  public var story: String {
    let compared = rows.filter { $0.verdict != .tooFew }.count
    let head =
      "\(windowStart) to \(windowEnd) UTC against \(reference.words) (\(referenceStart) to \(referenceEnd)): "
    guard compared > 0 else {
      return head
        + "nothing can be compared, no distribution has \(Self.observationCountMin) observations on both sides."
    }
    let skipped = compared < rows.count ? "; \(rows.count - compared) have too few observations" : ""
    guard let worst = drifted.first else { return head + "none of \(compared) distributions drifted\(skipped)." }
    return head + "\(drifted.count) of \(compared) distributions drifted\(skipped). Most: \(worst.subject.words), "
      + "\(worst.words)."
  }
}

extension DriftReport {
  private enum CodingKeys: String, CodingKey {
    case windowStart, windowEnd, reference, referenceStart, referenceEnd, isDrifted, story, rows
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(windowStart, forKey: .windowStart)
    try container.encode(windowEnd, forKey: .windowEnd)
    try container.encode(reference, forKey: .reference)
    try container.encode(referenceStart, forKey: .referenceStart)
    try container.encode(referenceEnd, forKey: .referenceEnd)
    try container.encode(!drifted.isEmpty, forKey: .isDrifted)
    try container.encode(story, forKey: .story)
    try container.encode(rows, forKey: .rows)
  }
}
