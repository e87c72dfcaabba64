/// One input or output of the system that was looked at.
public struct Finding: Codable, Sendable, Equatable {
  /// How well it is.
  public enum Status: String, Codable, Sendable, CaseIterable {
    case ok
    /// It works, but somebody should look at it.
    case warning
    /// It doesn't do what it must.
    case failed
  }

  /// What was looked at.
  public let name: String
  public let status: Status
  /// What was found, with numbers.
  public let detail: String
  /// What to do about it, `nil` when nothing needs doing.
  public let remedy: String?

  static func ok(_ name: String, _ detail: String) -> Finding {
    Finding(name: name, status: .ok, detail: detail, remedy: nil)
  }

  static func warning(_ name: String, _ detail: String, remedy: String) -> Finding {
    Finding(name: name, status: .warning, detail: detail, remedy: remedy)
  }

  static func failed(_ name: String, _ detail: String, remedy: String) -> Finding {
    Finding(name: name, status: .failed, detail: detail, remedy: remedy)
  }
}
