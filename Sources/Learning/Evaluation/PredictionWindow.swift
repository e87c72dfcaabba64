/// The latest predictions that were made before their example was learnt: progressive validation with a bounded memory.
public struct PredictionWindow: Sendable, Equatable {
  /// One prediction and what happened.
  public struct Entry: Sendable, Equatable {
    public let example: Int64
    public let probability: Double
    public let label: Bool
    /// Whether the click window was still open; the id is the impression's then.
    public let isProvisional: Bool
  }

  /// Entries kept; the oldest makes room.
  public static let countMax = 1 << 16

  private var entries: [Entry] = []
  private var oldest = 0

  public init() {}

  /// Oldest first.
  public var ordered: [Entry] { Array(entries[oldest...] + entries[..<oldest]) }

  public var count: Int { entries.count }

  /// The newer half: a young learner's first predictions say nothing about what it predicts now.
  public var newerHalf: ArraySlice<Entry> { ordered.suffix((count + 1) / 2) }

  public mutating func append(_ entry: Entry) {
    if entries.count < Self.countMax {
      entries.append(entry)
    } else {
      entries[oldest] = entry
      oldest = (oldest + 1) % Self.countMax
    }
  }

  /// The quality of the predictions in the window.
  public var report: EvaluationReport {
    let entries = ordered
    return EvaluationReport(labels: entries.map(\.label), predictions: entries.map(\.probability))
  }

  public static func == (left: Self, right: Self) -> Bool { left.ordered == right.ordered }
}
