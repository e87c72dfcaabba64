import Foundation

extension CatalogInspection {
  /// The inspection as text for a terminal, lines of about 100 characters.
  public var table: String {
    var lines = [
      "catalog \(version): \(adCount) ads, \(activeCount) active, \(budgetedCount) with a budget", "",
      "attribute              values  missing  most frequent",
    ]
    for attribute in attributes {
      lines.append(
        "\(Self.left(attribute.name, 20)) \(Self.right(String(attribute.valueCount), 8)) "
          + "\(Self.right(Self.percent(attribute.missingShare), 8))  \(Self.list(attribute.topValues))")
    }
    lines += [
      "",
      "bid a click  "
        + bids.quantiles.map { "p\(Self.number(100 * $0.probability)) \(Self.number($0.bid))" }
        .joined(separator: " · "),
    ]
    lines += histogramLines
    lines += [
      "", "targeting: \(Self.percent(targeting.targetedShare)) of the ads, \(targeting.ruleCount) different rules",
    ]
    lines += targeting.fields.map { "  \(Self.left($0.value, 18)) \(Self.right(String($0.adCount), 8)) ads" }
    lines += targeting.topRules.map { "  \(Self.right(String($0.adCount), 8)) × \($0.value)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private var histogramLines: [String] {
    let highest = max(1, bids.histogram.map(\.adCount).max() ?? 1)
    return bids.histogram.map { bin in
      let bar = String(repeating: "█", count: (40 * bin.adCount + highest / 2) / highest)
      return "  from \(Self.right(Self.number(bin.lower), 9)) \(Self.right(String(bin.adCount), 9)) \(bar)"
    }
  }

  private static func list(_ values: [ValueCount]) -> String {
    values.map { "\($0.value) (\($0.adCount))" }.joined(separator: ", ")
  }

  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }

  private static func number(_ number: Double) -> String { String(format: "%.6g", number) }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
