import COpenSSL
import Glibc
import Synchronization

/// A connection beyond the limit: it has its answer, and is kept until the client has gone or the time to linger is over,
/// because closing with unread bytes would destroy the answer on its way (RFC 9112, 9.6).
final class TurnedAway: Channel, @unchecked Sendable {
  /// Kept at once; further ones are closed as soon as they have their answer.
  private static let countMax = 1024

  private let context: ServerContext

  /// Answers 503, whatever the client asks, and lets it go. Without a handshake there is nobody to answer to under TLS.
  static func take(_ descriptor: Int32, isSecure: Bool, loop: EventLoop, context: ServerContext) {
    guard !isSecure else {
      close(descriptor)
      return
    }
    var answer: [UInt8] = []
    ResponseWriter.write(
      context.overloadResponse, for: Exchange(startNanoseconds: 0), date: loop.date, to: &answer)
    _ = answer.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    shutdown(descriptor, Int32(SHUT_WR))
    guard context.turnedAwayCount.load(ordering: .relaxed) < countMax else {
      close(descriptor)
      return
    }
    TurnedAway(descriptor, loop: loop, context: context).open()
  }

  private init(_ descriptor: Int32, loop: EventLoop, context: ServerContext) {
    self.context = context
    super.init(descriptor: descriptor, loop: loop)
    context.turnedAwayCount.add(1, ordering: .relaxed)
  }

  deinit {
    close(descriptor)
    context.turnedAwayCount.subtract(1, ordering: .relaxed)
  }

  private func open() {
    loop.register(self, events: EPOLLIN.rawValue)
    loop.schedule(self, seconds: context.configuration.deadlines.lingerSeconds)
  }

  override func ready(_ events: UInt32) {
    let count = recv(descriptor, loop.scratch.baseAddress, loop.scratch.count, 0)
    if count == 0 || count < 0 && errno != EAGAIN && errno != EINTR { loop.remove(self) }
  }

  override func expired() { loop.remove(self) }
}
