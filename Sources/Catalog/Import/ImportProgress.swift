/// How far an import has come.
public struct ImportProgress: Sendable, Equatable {
  /// Lines or records read.
  public let lineCount: Int
  /// Share of the file, in [0, 1]; `nil` when its size isn't known.
  public let fraction: Double?
}
