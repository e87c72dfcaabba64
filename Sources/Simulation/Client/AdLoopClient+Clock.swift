import Events

extension AdLoopClient {
  /// What time it is at a server.
  public struct ServerClock: Sendable, Equatable {
    /// Milliseconds since 1970 UTC.
    public var now: Milliseconds
    /// Whether the server lets its clients put the clock forward.
    public var isSimulated: Bool
  }

  /// Reads the server's clock from the id of a decision that never counts, and tries to put it forward by a second.
  public func clock() throws -> ServerClock {
    let first = try decisionTime(told: nil)
    let second = try decisionTime(told: first + Self.probeMilliseconds)
    return ServerClock(now: second, isSimulated: second >= first + Self.probeMilliseconds)
  }

  /// Far more than a request takes.
  private static let probeMilliseconds: Milliseconds = 60_000

  private func decisionTime(told: Milliseconds?) throws -> Milliseconds {
    let headers = told.map { [(Self.timeHeaderName, String($0))] } ?? []
    let answer = try rank(PageView(user: "clock", context: [:], isDryRun: true), headers: headers)
    // A decision's id begins with its time.
    guard let time = Milliseconds(answer.decision.prefix(12), radix: 16) else {
      throw ClientError("the server's decision has no readable id; does --url name an AdLoop server?")
    }
    return time
  }
}
