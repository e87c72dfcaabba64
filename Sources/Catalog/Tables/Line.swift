/// One line of a text file.
public struct Line: Sendable {
  /// Counted from 1.
  public let number: Int
  /// The line without its end, or why it can't be had. Let it go before the next one is asked for, or it's copied.
  public let bytes: Result<ArraySlice<UInt8>, LineError>
}
