/// What became of the rows of a history file.
public struct HistoryReport: Codable, Sendable, Equatable {
  /// Rows of the file, the header not counted.
  public internal(set) var rowCount = 0
  /// Rows that are in the log now.
  public internal(set) var storedCount = 0
  /// Rows that were imported before.
  public internal(set) var duplicateCount = 0
  /// Clicks among the stored rows.
  public internal(set) var clickCount = 0
  /// Rows that were turned away.
  public internal(set) var rejectedCount = 0
  /// The first of them, with their lines and reasons.
  public internal(set) var rejected: [RejectedLine] = []

  /// Rejected lines that are kept; later ones are only counted.
  public static let rejectedLineCountMax = 100

  public init() {}

  mutating func add(_ line: RejectedLine) {
    rejectedCount += 1
    if rejected.count < Self.rejectedLineCountMax { rejected.append(line) }
  }
}
