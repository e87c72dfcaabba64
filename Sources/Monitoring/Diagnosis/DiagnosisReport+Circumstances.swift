extension DiagnosisReport {
  /// What the system itself did meanwhile: how its machinery ran, and what was changed in it.
  public struct Circumstances: Sendable, Codable, Equatable {
    /// A look at the machinery, done before anything is blamed on quality.
    public struct Check: Sendable, Codable, Equatable {
      public let name: String
      public let isGood: Bool
      /// What was found, with numbers.
      public let words: String

      public init(name: String, isGood: Bool, words: String) {
        (self.name, self.isGood, self.words) = (name, isGood, words)
      }
    }

    /// Something that was changed in the system.
    public struct Change: Sendable, Codable, Equatable {
      public enum Kind: String, Sendable, Codable {
        case start, configuration, model, experiment, catalog
      }

      public let kind: Kind
      /// UTC, ISO 8601.
      public let time: String
      public let words: String

      public init(kind: Kind, time: String, words: String) {
        (self.kind, self.time, self.words) = (kind, time, words)
      }
    }

    public let checks: [Check]
    /// The changes were looked for from this hour …
    public let from: UTCHour
    /// … until before this one.
    public let to: UTCHour
    /// In the order of time.
    public let changes: [Change]
    /// Changes in that time beyond those listed.
    public let omittedChangeCount: Int
    /// What a reader of the report must know of its data, a sentence each.
    public let notes: [String]

    public init(
      checks: [Check], from: UTCHour, to: UTCHour, changes: [Change], omittedChangeCount: Int, notes: [String]
    ) {
      self.checks = checks
      self.from = from
      self.to = to
      self.changes = changes
      self.omittedChangeCount = omittedChangeCount
      self.notes = notes
    }
  }

  /// When to look for what coincides: about the change point of the first cause, or in the window when all is quiet.
  public var changePeriod: Range<UTCHour> {
    guard anomaly, let since = causes.first?.since else { return windowStart..<windowEnd }
    return since + -Self.hoursBeforeChange..<since + 1
  }

  /// A change may take so long to show.
  private static let hoursBeforeChange = 2

  /// The same report with what else is known, in its story too.
  public func with(_ circumstances: Circumstances) -> Self {
    var report = self
    report.circumstances = circumstances
    return report.withStory
  }
}

extension DiagnosisReport.Circumstances {
  /// What was changed, or that nothing was.
  var changeSentence: String {
    let period = "between \(from) and \(to)"
    guard !changes.isEmpty else {
      return "Nothing was changed \(period): no start of the server, no settings, model, experiment or catalog."
    }
    let rest = omittedChangeCount > 0 ? "; and \(omittedChangeCount) more" : ""
    return "Changed \(period): " + changes.map { "\($0.time) \($0.words)" }.joined(separator: "; ") + rest + "."
  }

  /// How the machinery ran.
  var checkSentence: String {
    let bad = checks.filter { !$0.isGood }
    guard bad.isEmpty else { return "Infrastructure first: " + bad.map(\.words).joined(separator: "; ") + "." }
    return "Infrastructure first: \(checks.map(\.name).joined(separator: ", ")) are as usual."
  }
}
