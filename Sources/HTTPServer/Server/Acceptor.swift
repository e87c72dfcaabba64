import COpenSSL
import Glibc

/// Accepts the connections of one listening socket and deals them out to the loops. Has a loop of its own, so a busy
/// handler never keeps clients from being accepted, or from being turned away early.
final class Acceptor: Channel, @unchecked Sendable {
  /// Connections that are accepted before another listening socket has its turn.
  private static let turnCount = 256
  /// How long accepting rests when the process has no descriptor left.
  private static let restSeconds = 0.1

  let socket: ListeningSocket
  private let context: ServerContext
  private let admit: (Int32, Peer) -> Void

  /// - Parameter admit: takes over a connection that is within the limits and already counted.
  init(_ socket: ListeningSocket, loop: EventLoop, context: ServerContext, admit: @escaping (Int32, Peer) -> Void) {
    self.socket = socket
    self.context = context
    self.admit = admit
    super.init(descriptor: socket.descriptor, loop: loop)
  }

  func open() {
    loop.register(self, events: EPOLLIN.rawValue)
  }

  override func ready(_ events: UInt32) {
    for _ in 0..<Self.turnCount {
      guard acceptOne() else { return }
    }
  }

  override func expired() {
    loop.modify(self, events: EPOLLIN.rawValue)
  }

  /// Takes what the kernel has accepted, so that no client in the queue is reset, and closes the socket.
  func closeGently() {
    while acceptOne() {}
    loop.remove(self)
    close(descriptor)
    if let path = socket.address.unixSocketPath { unlink(path) }
  }

  /// Returns false when there is none, or none may be accepted now.
  private func acceptOne() -> Bool {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let accepted = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        accept4(descriptor, $0, &length, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
      }
    }
    if accepted >= 0 {
      take(accepted, Peer(storage))
      return true
    }
    switch errno {
    case EINTR, ECONNABORTED, EPROTO: return true
    case EMFILE, ENFILE, ENOBUFS, ENOMEM:
      context.metrics.count(.descriptors)
      loop.modify(self, events: 0)
      loop.schedule(self, seconds: Self.restSeconds)
      return false
    default: return false
    }
  }

  private func take(_ accepted: Int32, _ peer: Peer) {
    guard context.metrics.connections < context.configuration.limits.connectionsMax else {
      context.metrics.count(.connections)
      return TurnedAway.take(accepted, isSecure: socket.address.isSecure, loop: loop, context: context)
    }
    context.metrics.changeConnections(by: 1)
    admit(accepted, peer)
  }
}
