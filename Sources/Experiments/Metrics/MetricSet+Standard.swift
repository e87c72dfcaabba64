extension MetricSet {
  /// The metrics of `config/metrics.yaml` as it comes, for systems that have no such file.
  public static let standard: MetricSet = {
    do {
      return try MetricSet([
        .init(
          name: "revenue_per_user", title: "revenue per user", [.revenue: 1], per: .users, "currency", .up, .goal,
          harmMax: 0.2),
        .init(name: "ctr", title: "CTR", [.clicks: 1], per: .impressions, "%", .up, .proxy),
        .init(
          name: "rpm", title: "revenue per 1000 page views", [.revenue: 1000], per: .decisions, "currency", .up, .info),
        .init(
          name: "conversion_value_per_user", title: "conversion value per user", [.conversionValue: 1], per: .users,
          "currency", .up, .info),
        .init(
          name: "visits_per_user", title: "visits per user", [.visits: 1], per: .users, "visits", .up, .guardrail,
          harmMax: 0.05),
        .init(
          name: "ad_blindness", title: "ad blindness", [.predictedClicks: 1, .clicks: -1], per: .predictedClicks, "%",
          .down, .info),
        .init(
          name: "latency", title: "time to answer", [.latencyMilliseconds: 1], per: .sampledRequests, "ms", .down,
          .guardrail, harmMax: 0.5),
        .init(
          name: "fill", title: "fill", [.filledSlots: 1], per: .askedSlots, "%", .up, .guardrail, harmMax: 0.05),
      ])
    } catch { preconditionFailure("the standard metrics contradict each other: \(error)") }
  }()
}

extension MetricDefinition {
  fileprivate init(
    name: String, title: String, _ numerator: [MetricSum: Double], per denominator: MetricSum, _ unit: String,
    _ direction: Direction, _ role: Role, harmMax: Double? = nil
  ) {
    self.init(
      name: name, title: title, numerator: LinearForm(numerator), denominator: LinearForm([denominator: 1]), unit: unit,
      direction: direction, role: role, harmMax: harmMax)
  }
}
