/// Which text format a scraper wants.
public enum Exposition {
  public enum Format: Sendable, CaseIterable {
    /// Prometheus text format 0.0.4.
    case text
    /// OpenMetrics 1.0.
    case openMetrics

    public var contentType: String {
      switch self {
      case .text: "text/plain; version=0.0.4; charset=utf-8"
      case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
      }
    }

    fileprivate var type: Substring { self == .text ? "text" : "application" }
    fileprivate var subtype: Substring { self == .text ? "plain" : "openmetrics-text" }
    fileprivate var versions: [Substring] { self == .text ? ["0.0.4"] : ["1.0.0", "1.0"] }
  }

  /// The format that an `Accept` header prefers: the quality of a format is that of the most specific media range that
  /// covers it (RFC 9110, section 12.5.1). Text 0.0.4 wins ties, and is the answer when there is no header or nothing fits.
  public static func negotiate(accept: String?) -> Format {
    guard let accept else { return .text }
    let ranges = accept.split(separator: ",").compactMap(MediaRange.init)
    return quality(of: .openMetrics, in: ranges) > quality(of: .text, in: ranges)
      ? .openMetrics : .text
  }

  private static func quality(of format: Format, in ranges: [MediaRange]) -> Double {
    let matches = ranges.filter { $0.covers(format) }
    let most = matches.map(\.specificity).max()
    return matches.filter { $0.specificity == most }.map(\.quality).max() ?? 0
  }

  /// One element of an `Accept` header.
  private struct MediaRange {
    var type: Substring = ""
    var subtype: Substring = ""
    var version: Substring?
    var quality = 1.0

    init?(_ text: Substring) {
      let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
      let names = parts[0].split(separator: "/", omittingEmptySubsequences: false)
      guard names.count == 2 else { return nil }
      (type, subtype) = (Substring(names[0].lowercased()), Substring(names[1].lowercased()))
      for part in parts.dropFirst() {
        let pair = part.split(separator: "=", maxSplits: 1).map(Self.trimmed)
        guard pair.count == 2 else { continue }
        switch pair[0].lowercased() {
        case "q":
          guard let value = Double(pair[1]), (0...1).contains(value) else { return nil }
          quality = value
        case "version": version = Self.unquoted(pair[1])
        default: break
        }
      }
    }

    var specificity: Int { type == "*" ? 0 : subtype == "*" ? 1 : version == nil ? 2 : 3 }

    func covers(_ format: Format) -> Bool {
      if type == "*" { return subtype == "*" }
      guard type == format.type else { return false }
      if subtype == "*" { return true }
      return subtype == format.subtype && (version.map(format.versions.contains) ?? true)
    }

    private static func trimmed(_ text: Substring) -> Substring {
      var text = text.drop { $0 == " " || $0 == "\t" }
      while text.last == " " || text.last == "\t" { text.removeLast() }
      return text
    }

    private static func unquoted(_ text: Substring) -> Substring {
      text.count >= 2 && text.first == "\"" && text.last == "\""
        ? text.dropFirst().dropLast() : text
    }
  }
}
