import COpenSSL
import Glibc

/// A connection whose TLS handshake is under way. Handshakes have a loop of their own, so their arithmetic delays neither
/// accepting nor connections that are open.
final class Handshake: Channel, @unchecked Sendable {
  private let session: TLSSession
  private let context: ServerContext
  /// What happens to the descriptor next; nil when the handshake failed and it is closed.
  private let finish: (TLSSession?) -> Void
  private var isDone = false

  init(
    descriptor: Int32, session: TLSSession, loop: EventLoop, context: ServerContext,
    finish: @escaping (TLSSession?) -> Void
  ) {
    self.session = session
    self.context = context
    self.finish = finish
    super.init(descriptor: descriptor, loop: loop)
  }

  func open() {
    loop.register(self, events: EPOLLIN.rawValue)
    loop.schedule(self, seconds: context.configuration.deadlines.handshakeSeconds)
  }

  override func ready(_ events: UInt32) {
    switch session.handshake() {
    case .done: end(session)
    case .wantsRead: loop.modify(self, events: EPOLLIN.rawValue)
    case .wantsWrite: loop.modify(self, events: EPOLLOUT.rawValue)
    case .failed:
      context.metrics.count(.handshake)
      end(nil)
    }
  }

  override func expired() {
    context.metrics.count(.handshakeDeadline)
    end(nil)
  }

  /// Gives up, for a drain whose deadline has passed.
  func cancel() { end(nil) }

  private func end(_ session: TLSSession?) {
    if isDone { return }
    isDone = true
    loop.remove(self)
    if session == nil { close(descriptor) }
    finish(session)
  }
}
