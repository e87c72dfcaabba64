/// The lines of a file that were turned away: all of them counted, the first ones kept.
public struct Rejections: Sendable, Equatable {
  /// Rejections that are kept with their reason.
  public static let keptCountMax = 1_000

  /// The first ones, in the order of the file.
  public private(set) var first: [Rejection] = []
  /// Number of all.
  public private(set) var count = 0

  /// A line and why it was turned away.
  public struct Rejection: Codable, Sendable, Equatable {
    /// Counted from 1.
    public let line: Int
    public let reason: String
  }

  public init() {}

  public mutating func add(line: Int, reason: String) {
    count += 1
    if first.count < Self.keptCountMax { first.append(Rejection(line: line, reason: reason)) }
  }

  /// One text for an error message: the count and the first three.
  var summary: String {
    let examples = first.prefix(3).map { "line \($0.line): \($0.reason)" }.joined(separator: "; ")
    return "\(count) of its lines are bad (\(examples)\(count > 3 ? "; …" : ""))"
  }
}
