/// Answers for a folder of cases, in the form a scorer reads.
public struct DiagnosisAnswers: Sendable, Codable, Equatable {
  public struct Cause: Sendable, Codable, Equatable {
    /// Dimension → values; empty for the whole site.
    public let place: [String: [String]]
    public let factor: RevenueFactor
    public let kind: CauseKind

    enum CodingKeys: String, CodingKey {
      case place = "where"
      case factor, kind
    }
  }

  public struct Answer: Sendable, Codable, Equatable {
    public let name: String
    public let anomaly: Bool
    /// Best first; empty when there is no anomaly.
    public let causes: [Cause]

    enum CodingKeys: String, CodingKey {
      case name = "case"
      case anomaly, causes
    }

    public init(name: String, report: DiagnosisReport) {
      self.name = name
      anomaly = report.anomaly
      causes =
        report.anomaly ? report.causes.map { Cause(place: $0.place, factor: $0.factor, kind: $0.kind) } : []
    }
  }

  public let answers: [Answer]
}
