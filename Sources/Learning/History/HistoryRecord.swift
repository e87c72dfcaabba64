import Events
import Features

/// One impression of a history file, read by a ``HistoryMapping``.
public struct HistoryRecord: Sendable, Equatable {
  /// Line of the file, the header being line 1.
  public var line: Int
  /// Names the decision that the row is part of; rows with equal names are one page.
  public var decision: String
  /// 1 (best) to 255.
  public var slot: Int
  public var time: Milliseconds
  public var user: String
  public var ad: String
  public var context: [String: String]
  public var attributes: [String: String]
  public var clicked: Bool
  /// Currency units a click.
  public var bid: Double
  /// Currency units a click.
  public var price: Double
  /// Probability that the ad got the slot, in (0, 1].
  public var propensity: Double
}

/// A line of a file that was turned away.
public struct RejectedLine: Error, Sendable, Equatable, Codable {
  /// Number of the line, the first being 1.
  public let line: Int
  public let reason: String

  public init(line: Int, reason: String) {
    self.line = line
    self.reason = reason
  }
}

extension HistoryMapping {
  /// Time of the first row of a file without times: 2000-01-01; the rows follow a second apart.
  public static let syntheticStart: Milliseconds = 946_684_800_000

  /// The impression that `row` tells of; `number` counts the rows of the file from 0.
  ///
  /// - throws: ``RejectedLine`` that says which value is missing or impossible.
  func record(of row: HistoryRow, line: Int, number: Int) throws(RejectedLine) -> HistoryRecord {
    let bid = try decimal(self.bid, in: row, line: line, name: "bid", range: 0...1e12) ?? 0
    return HistoryRecord(
      line: line,
      decision: decision?.value(in: row) ?? "#\(number)",
      slot: try slot(in: row, line: line),
      time: try time(in: row, line: line, number: number),
      user: user?.value(in: row) ?? "",
      ad: try ad(in: row, line: line),
      context: context.compactMapValues { $0.value(in: row) },
      attributes: attributes.compactMapValues { $0.value(in: row) },
      clicked: try clicked(in: row, line: line),
      bid: bid,
      price: try decimal(price, in: row, line: line, name: "price", range: 0...1e12) ?? bid,
      propensity: try decimal(propensity, in: row, line: line, name: "propensity", range: .leastNormalMagnitude...1)
        ?? 1
    )
  }

  private func clicked(in row: HistoryRow, line: Int) throws(RejectedLine) -> Bool {
    switch click.value(in: row) {
    case "1", "true", "1.0": return true
    case "0", "false", "0.0": return false
    case let other:
      throw RejectedLine(line: line, reason: "click must be 0 or 1, but is \(Self.quoted(other))")
    }
  }

  private func ad(in row: HistoryRow, line: Int) throws(RejectedLine) -> String {
    guard let ad = ad.value(in: row) else { throw RejectedLine(line: line, reason: "the ad's id is missing") }
    guard ad.utf8.count <= Schema.Limits.valueByteCountMax else {
      throw RejectedLine(line: line, reason: "the ad's id is longer than \(Schema.Limits.valueByteCountMax) bytes")
    }
    return ad
  }

  private func slot(in row: HistoryRow, line: Int) throws(RejectedLine) -> Int {
    guard let slot else { return 1 }
    let text = slot.value(in: row)
    guard let number = text.flatMap({ Int($0) }), (1...255).contains(number) else {
      throw RejectedLine(line: line, reason: "slot must be a whole number from 1 to 255, but is \(Self.quoted(text))")
    }
    return number
  }

  private func time(in row: HistoryRow, line: Int, number: Int) throws(RejectedLine) -> Milliseconds {
    guard let time else { return Self.syntheticStart + Milliseconds(number) * 1000 }
    guard let milliseconds = row[time.column].flatMap({ time.format.time($0) }) else {
      throw RejectedLine(
        line: line, reason: "\(Self.quoted(row[time.column])) in \(time.column) isn't a time as declared")
    }
    return milliseconds
  }

  private func decimal(
    _ rule: ValueRule?, in row: HistoryRow, line: Int, name: String, range: ClosedRange<Double>
  ) throws(RejectedLine) -> Double? {
    guard let rule else { return nil }
    let text = rule.value(in: row)
    guard let number = text.flatMap({ Double($0) }), range.contains(number) else {
      throw RejectedLine(line: line, reason: "\(name) must be a number in its range, but is \(Self.quoted(text))")
    }
    return number
  }

  /// The start of a value, for a message.
  private static func quoted(_ text: String?) -> String {
    text.map { "'\($0.prefix(40))'" } ?? "missing"
  }
}
