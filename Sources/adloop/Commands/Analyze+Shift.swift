import AdServer
import ArgumentParser
import Foundation
import Learning
import Simulation

extension Analyze {
  struct Shift: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Why predictions shifted: data that moved or weights that moved, feature by feature.",
      discussion: """
        Splits the change of the mean logit between two windows of live impressions, exactly: a value with share s of the \
        impressions and mean weight w moves it by Δs · w for the data and Δw · s for the weights, each at the midpoint of \
        the other window. The window (by default the last 24 full hours) is compared with the same hours --distance \
        earlier (by default 7 days or, where there is no traffic then, one), each by the model that was live at its end.

        With --before and --after models are named. The same window twice (--distance 0h) with two models shows what one \
        would have changed; one model twice shows what the data changed alone.

        Example: adloop analyze shift --last 3h --distance 1d
        """)

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var period: WindowOptions

    @Option(help: ArgumentHelp("How much earlier the window before begins.", valueName: "7d or 24h"))
    var distance: String?

    @Option(help: ArgumentHelp("Model of the window before: an id or current.", valueName: "model"))
    var before: String?

    @Option(help: ArgumentHelp("Model of the window: an id or current.", valueName: "model"))
    var after: String?

    @Option(help: "Values that are listed of each feature.")
    var top = PredictionShift.valueCountDefault

    func validate() throws {
      if let distance, TimeSpan(text: distance) == nil {
        throw ValidationError("--distance takes hours or days, such as 24h or 7d")
      }
      guard (0...10_000).contains(top) else { throw ValidationError("--top takes 0 to 10000") }
    }

    func run() throws {
      let opened = try system.caughtUp()
      let answer = try PredictionShiftHistory(opened).answer(
        period.window(standard: "24h"),
        distance: distance.flatMap { TimeSpan(text: $0)?.milliseconds },
        models: .init(before: before, after: after), valueCountMax: top)
      try output.show(answer, text: ShiftText(answer).text)
      output.hint("\nWhether the newer model predicts better: adloop evaluate --compare \(answer.shift.modelBefore)")
    }
  }
}

/// A prediction shift for people.
private struct ShiftText {
  private let answer: PredictionShiftHistory.Answer
  private let shift: PredictionShift

  init(_ answer: PredictionShiftHistory.Answer) {
    (self.answer, shift) = (answer, answer.shift)
  }

  var text: String {
    let notes = [excluded, served].compactMap { $0 }
    return ([head, "", means.text, "", features.text, "", verdict] + notes).joined(separator: "\n")
  }

  private var head: String {
    """
    before  \(answer.before), \(shift.exampleCountBefore) impressions, model \(shift.modelBefore)
    after   \(answer.after), \(shift.exampleCountAfter) impressions, model \(shift.modelAfter)
    """
  }

  private var means: TextTable {
    var table = TextTable(["mean", "before", "after", "change", "data moved", "weights moved"])
    for (name, mean) in [("click probability", shift.probability), ("logit", shift.logit)] {
      table.add(
        [name]
          + [mean.before, mean.after, mean.split.change, mean.split.data, mean.split.weights].map(number))
    }
    return table
  }

  private var features: TextTable {
    var table = TextTable([
      "feature", "share before", "after", "weight before", "after", "data moved", "weights moved", "logit change",
    ])
    for feature in shift.features {
      let share = [feature.shareBefore, feature.shareAfter].map(number)
      table.add([feature.name] + share + ["", ""] + cells(feature.split))
      for value in feature.values where !value.value.isEmpty {
        let numbers = [value.shareBefore, value.shareAfter, value.weightBefore, value.weightAfter]
        table.add(["  \(value.value)"] + numbers.map(number) + cells(value.split))
      }
      guard feature.otherCount > 0, feature.other.data != 0 || feature.other.weights != 0 else { continue }
      table.add(["  \(feature.otherCount) other values", "", "", "", ""] + cells(feature.other))
    }
    table.add(["not explained", "", "", "", "", "", "", number(shift.remainder)])
    return table
  }

  private func cells(_ split: ShiftSplit) -> [String] {
    [split.data, split.weights, split.change].map(number)
  }

  private func number(_ value: Double) -> String { QualityTable.text(value) }

  private var verdict: String {
    let split = shift.logit.split
    guard let first = shift.features.first, first.split.data != 0 || first.split.weights != 0 else {
      return "Nothing moved."
    }
    let (more, side) =
      abs(split.data) >= abs(split.weights) ? ("Data that moved", "data") : ("Weights that moved", "weights")
    return "\(more) explain more of the change (data \(number(split.data)), weights "
      + "\(number(split.weights)) of \(number(split.change))). Most moved \(first.name): data "
      + "\(number(first.split.data)), weights \(number(first.split.weights))."
      + (side == "data" ? " Next: adloop diagnose says whether revenue suffers, and where." : "")
  }

  private var excluded: String? {
    let counts = (shift.excludedCountBefore, shift.excludedCountAfter)
    guard counts != (0, 0) else { return nil }
    return "Left out: \(counts.0) impressions before and \(counts.1) after, which a model gives probability 0."
  }

  private var served: String? {
    guard min(shift.servedShareBefore, shift.servedShareAfter) < 0.9 else { return nil }
    let shares = [shift.servedShareBefore, shift.servedShareAfter].map { "\(($0 * 100).formatted(decimals: 1)) %" }
    return
      "These models served \(shares[0]) of the impressions before and \(shares[1]) after; the others came from other "
      + "models, such as those of experiments or of an earlier hour."
  }
}
