/// One record of a CSV file.
public struct CSVRecord: Sendable {
  /// The line on which it begins, counted from 1.
  public let lineNumber: Int
  /// Its fields, or why they can't be had.
  public let fields: Result<[String], LineError>
}
