/// The labels of one time series, checked and written out once, when its handle is made.
struct LabelSet {
  /// Longest label value accepted, in bytes; longer ones come from request text, not from a fixed set.
  static let valueBytesMax = 256

  let names: Set<String>
  /// `device="mobile",page="sports"`: ascending names, escaped values.
  let text: String

  /// Nil when a name is unusable or repeats or a value is too long. Empty values are left out, since to Prometheus an
  /// empty label and a missing one are the same series.
  init?(_ dimensions: [(String, String)]) {
    let present = dimensions.filter { !$0.1.isEmpty }
    guard present.allSatisfy({ Self.isUsable(name: $0.0) && $0.1.utf8.count <= Self.valueBytesMax })
    else { return nil }
    names = Set(present.map(\.0))
    guard names.count == present.count else { return nil }
    text = present.sorted { $0.0 < $1.0 }.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(
      separator: ",")
  }

  /// `[a-zA-Z_][a-zA-Z0-9_]*`, not starting with two underscores, and none of the names that histograms and summaries use.
  static func isUsable(name: String) -> Bool {
    guard let first = name.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
    return name.unicodeScalars.allSatisfy(MetricName.isNameScalar)
      && name.utf8.count <= MetricName.bytesMax
      && !name.hasPrefix("__") && name != "le" && name != "quantile"
  }

  /// Backslash, line feed and double quote escaped, as both exposition formats want it in label values.
  static func escaped(_ value: String, quotes: Bool = true) -> String {
    var result = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
