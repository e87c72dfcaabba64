import GRDB

/// Why the log didn't take or give events. Nothing of the call's batch was acknowledged.
public enum EventLogError: Error, Equatable, CustomStringConvertible {
  /// Too much waits for the disk, or another process holds the log: send it again after a while.
  case busy(retryAfterSeconds: Int)
  /// No space is left: free some, then send it again.
  case full
  /// One batch is larger than the whole queue: send it in parts.
  case tooLarge(byteCount: Int, byteCountMax: Int)
  /// The log was closed.
  case closed
  /// The file is not a sound log.
  case damaged(String)
  /// Reading or writing failed in another way.
  case failed(String)

  /// When it makes sense to send the same again, in seconds; `nil` when it never does.
  public var retryAfterSeconds: Int? {
    switch self {
    case .busy(let seconds): seconds
    case .full, .failed, .closed: 10
    case .tooLarge, .damaged: nil
    }
  }

  public var description: String {
    switch self {
    case .busy(let seconds):
      "the event log is behind its disk; send the events again in \(seconds) s"
    case .full: "the disk of the event log is full; free some space, nothing was stored"
    case .tooLarge(let count, let limit):
      "a batch of \(count) bytes is larger than \(limit); send it in parts"
    case .closed: "the event log is closed; the server is stopping"
    case .damaged(let reason): "the event log is damaged: \(reason)"
    case .failed(let reason): "the event log could not be used: \(reason)"
    }
  }

  /// What an error of the database means to callers of the log.
  init(_ error: any Error) {
    guard let error = error as? DatabaseError else {
      self = error as? EventLogError ?? .failed("\(error)")
      return
    }
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(retryAfterSeconds: 1)
    case .SQLITE_FULL: self = .full
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(error.message ?? "\(error.resultCode)")
    default: self = .failed(error.message ?? "\(error.resultCode)")
    }
  }
}
