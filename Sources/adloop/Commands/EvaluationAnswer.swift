import Learning

/// An evaluation, and which examples it is about; in JSON the measures are members of the one object.
struct EvaluationAnswer: Encodable {
  let evaluation: Evaluation
  /// The model's id.
  let model: String
  /// Id of the model that it is compared with.
  var other: String?
  let scored: Scored

  /// Which examples were scored.
  enum Scored: String, Encodable {
    case file
    /// Of the store, closed after the models were trained.
    case newer
    /// Of the store, with the predictions made when they were served.
    case served
    /// Of the store, by a twin of the model that was trained on the others.
    case heldOut = "held_out"
    /// Of the store, each before the model learnt it.
    case progressive
    /// Of the store, the latest.
    case learnt

    var text: String {
      switch self {
      case .file: "on the rows of the file"
      case .newer: "on the examples that came after the model's training"
      case .served: "the predictions made when the ads were served"
      case .heldOut: "on the examples held out when it was trained, by a twin that learnt the others"
      case .progressive: "on its training examples, each predicted before it was learnt"
      case .learnt: "on the latest examples, which the model has learnt: it looks better than it is"
      }
    }
  }

  private enum CodingKeys: CodingKey {
    case model, scored, intervals, reliability, slices, comparison, comparedWith
  }

  func encode(to encoder: any Encoder) throws {
    try evaluation.report.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model, forKey: .model)
    try container.encode(scored, forKey: .scored)
    try container.encode(evaluation.intervals, forKey: .intervals)
    try container.encode(evaluation.reliability, forKey: .reliability)
    try container.encode(evaluation.slices, forKey: .slices)
    try container.encodeIfPresent(evaluation.comparison, forKey: .comparison)
    try container.encodeIfPresent(other, forKey: .comparedWith)
  }

  var text: String {
    var parts = [scored.text, measures.text, reliability.text]
    if let comparison = evaluation.comparison { parts.append(words(comparison)) }
    let fields = evaluation.slices.reduce(into: [String]()) { if !$0.contains($1.field) { $0.append($1.field) } }
    parts += fields.map { slices($0).text }
    return parts.joined(separator: "\n\n")
  }

  private var measures: TextTable {
    var header = ["measure", model, "95 % interval"]
    if let other { header.append(other) }
    var table = TextTable(header)
    let intervals = [
      "log loss": evaluation.intervals.logLoss, "normalized entropy": evaluation.intervals.normalizedEntropy,
      "calibration ratio": evaluation.intervals.calibrationRatio,
    ]
    for (name, value) in QualityTable.measures {
      var cells = [name, value(evaluation.report), intervals[name].map { QualityTable.text($0) } ?? ""]
      if let comparison = evaluation.comparison { cells.append(value(comparison.report)) }
      table.add(cells)
    }
    return table
  }

  private var reliability: TextTable {
    var table = TextTable(["examples", "predicted", "click rate", "95 % interval"])
    for bin in evaluation.reliability {
      table.add([
        "\(bin.count)", QualityTable.text(bin.meanPrediction), QualityTable.text(bin.clickRate),
        QualityTable.text([bin.low, bin.high]),
      ])
    }
    return table
  }

  private func slices(_ field: String) -> TextTable {
    var table = TextTable([field, "examples", "CTR", "log loss", "NE", "95 %", "AUC", "calibration", "95 %"])
    for slice in evaluation.slices where slice.field == field {
      let report = slice.report
      table.add([
        slice.value, "\(report.exampleCount)", QualityTable.text(report.baseRate), QualityTable.text(report.logLoss),
        QualityTable.text(report.normalizedEntropy), QualityTable.text(slice.intervals.normalizedEntropy),
        QualityTable.text(report.rocAUC), QualityTable.text(report.calibrationRatio),
        QualityTable.text(slice.intervals.calibrationRatio),
      ])
    }
    return table
  }

  private func words(_ comparison: Evaluation.Comparison) -> String {
    let interval = [comparison.low, comparison.high].compactMap(\.self)
    let verdict =
      (comparison.high ?? 0) < 0
      ? "surely better than" : (comparison.low ?? 0) > 0 ? "surely worse than" : "not surely different from"
    return "log loss of \(model) less that of \(other ?? ""): \(QualityTable.text(comparison.logLossDifference)), "
      + "95 % interval \(QualityTable.text(interval)), paired: \(verdict) \(other ?? "")"
  }
}

/// What a model's own training measured: its answer when there are no newer examples.
struct KnownQuality: Encodable {
  let report: EvaluationReport
  let model: String
  let scored: EvaluationAnswer.Scored

  /// `nil` when its training measured nothing.
  init?(_ record: ModelRecord) {
    if let heldOut = record.lineage?.holdOut {
      (report, scored) = (heldOut, .heldOut)
    } else if let progressive = record.lineage?.progressive {
      (report, scored) = (progressive, .progressive)
    } else {
      return nil
    }
    model = record.id
  }

  private enum CodingKeys: CodingKey {
    case model, scored
  }

  func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model, forKey: .model)
    try container.encode(scored, forKey: .scored)
  }

  var text: String {
    var table = TextTable(["measure", model])
    for (name, value) in QualityTable.measures { table.add([name, value(report)]) }
    return "\(scored.text)\n\n\(table.text)"
  }
}
