import Dispatch
import Foundation
import Locking
import Logging
import Synchronization

/// An HTTP/1.1 server on plain sockets: event loops on serial queues, each of which owns its connections.
///
///     let server = try Server(configuration: Configuration(), router: router, logger: logger)
///     let addresses = try server.start()
///     …
///     await server.drain(deadlineSeconds: 10)
public final class Server: Sendable {
  private enum State {
    case new
    case running([Acceptor])
    case drained
  }

  private let context: ServerContext
  private let acceptLoop: EventLoop
  private let handshakeLoop: EventLoop
  private let loops: [EventLoop]
  private let state = Locked(State.new)
  private let certificate: Locked<TLSContext?>
  private let handshakes = Atomic(0)
  private let nextLoop = Atomic(0)

  /// - Parameters:
  ///   - router: the routes and their middleware.
  ///   - metricsPrefix: stands before the name of every metric.
  /// - Throws: when the certificate, its key or a trusted proxy can't be read, or the process has no descriptors left.
  public init(
    configuration: Configuration, router: Router, logger: Logger, metricsPrefix: String = "http"
  ) throws {
    signal(SIGPIPE, SIG_IGN)
    context = try ServerContext(
      configuration: configuration, router: router, logger: logger, metricsPrefix: metricsPrefix)
    let tick = configuration.deadlines.tickMilliseconds
    let count =
      configuration.eventLoopCount > 0
      ? configuration.eventLoopCount : ProcessInfo.processInfo.activeProcessorCount
    let context = context
    func loop(_ label: String) throws -> EventLoop {
      try EventLoop(label: label, tickMilliseconds: tick, routeMetrics: context.routeMetrics())
    }
    acceptLoop = try loop("http.accept")
    handshakeLoop = try loop("http.handshakes")
    loops = try (0..<count).map { try loop("http.loop.\($0)") }
    certificate = Locked(try configuration.tls.map { try TLSContext($0) })
  }

  /// Listens on all addresses of the configuration, or on the sockets that systemd hands over, and starts to answer.
  ///
  /// - Returns: the addresses with their real ports, in the order of the configuration: plain, TLS, unix.
  /// - Throws: when an address can't be listened on; then none is.
  public func start() throws -> [BoundAddress] {
    guard case .new = state.withLock({ $0 }) else {
      throw ListeningSocket.Failure(description: "a server can be started only once; make a new one")
    }
    let sockets = try openSockets()
    for loop in loops + [acceptLoop, handshakeLoop] { loop.start() }
    let opened = sockets.map { socket in
      Acceptor(socket, loop: acceptLoop, context: context) { [self] in
        admit($0, $1, isSecure: socket.address.isSecure)
      }
    }
    state.withLock { $0 = .running(opened) }
    acceptLoop.execute { for acceptor in opened { acceptor.open() } }
    Systemd.notify("READY=1", ProcessInfo.processInfo.environment)
    return sockets.map(\.address)
  }

  /// Reads certificate and key again; new connections use them, open ones stay as they are.
  ///
  /// - Throws: when they can't be read or don't belong together; then the old ones stay.
  public func reloadCertificates() throws {
    guard let configuration = context.configuration.tls else { return }
    let fresh = try TLSContext(configuration)
    certificate.withLock { $0 = fresh }
  }

  /// Connections that are open or in their handshake.
  public var connectionCount: Int { context.metrics.connections }

  /// Stops accepting, answers what is under way with `Connection: close`, and closes. What isn't done at the deadline is
  /// cut off. The server can't be started again.
  public func drain(deadlineSeconds: Double) async {
    Systemd.notify("STOPPING=1", ProcessInfo.processInfo.environment)
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        self.drainBlocking(deadlineSeconds: deadlineSeconds)
        continuation.resume()
      }
    }
  }

  private func drainBlocking(deadlineSeconds: Double) {
    guard case .running(let acceptors) = state.withLock({ exchange(&$0, with: .drained) }) else { return }
    let deadline = DispatchTime.now() + deadlineSeconds
    context.isDraining.store(true, ordering: .releasing)
    onEach([acceptLoop]) { _ in for acceptor in acceptors { acceptor.closeGently() } }
    onEach(loops) { loop in for case let connection as Connection in loop.registered { connection.drain() } }
    if context.metrics.connections > 0, context.drained.wait(timeout: deadline) == .timedOut { cutOff() }
    for loop in loops + [acceptLoop, handshakeLoop] { loop.stop() }
  }

  private func cutOff() {
    onEach([handshakeLoop]) { loop in for case let handshake as Handshake in loop.registered { handshake.cancel() } }
    onEach(loops) { [context] loop in
      for case let connection as Connection in loop.registered {
        context.metrics.count(.drain)
        connection.close()
      }
    }
  }

  /// Runs the work on each loop and waits for all.
  private func onEach(_ loops: [EventLoop], _ work: @escaping @Sendable (EventLoop) -> Void) {
    let group = DispatchGroup()
    for loop in loops {
      group.enter()
      loop.execute {
        work(loop)
        group.leave()
      }
    }
    group.wait()
  }

  private func openSockets() throws -> [ListeningSocket] {
    let inherited = Systemd.sockets(ProcessInfo.processInfo.environment)
    if !inherited.isEmpty { return inherited }
    let configuration = context.configuration
    var sockets: [ListeningSocket] = []
    do {
      try open(port: configuration.port, isSecure: false, into: &sockets)
      if let port = configuration.tlsPort {
        guard configuration.tls != nil else {
          throw ListeningSocket.Failure(
            description: "a TLS port needs a certificate: set certificate_path and private_key_path of tls")
        }
        try open(port: port, isSecure: true, into: &sockets)
      }
      if let path = configuration.unixSocketPath {
        sockets.append(try .unix(path: path, backlogCount: configuration.backlogCount))
      }
    } catch {
      for socket in sockets { close(socket.descriptor) }
      throw error
    }
    return sockets
  }

  /// All hosts share the port; when it is free to choose, the first host chooses.
  private func open(port: Int, isSecure: Bool, into sockets: inout [ListeningSocket]) throws {
    let configuration = context.configuration
    var port = port
    for host in configuration.hosts {
      let socket = try ListeningSocket.tcp(
        host: host, port: port, isSecure: isSecure, backlogCount: configuration.backlogCount,
        isPortShared: configuration.reusesPort, isVersion6Only: configuration.hosts.count > 1)
      port = socket.address.port
      sockets.append(socket)
    }
  }

  private func admit(_ descriptor: Int32, _ peer: Peer, isSecure: Bool) {
    let index = nextLoop.add(1, ordering: .relaxed).newValue
    let loop = loops[index % loops.count]
    guard isSecure else { return open(descriptor, peer, .plain, loop) }
    guard handshakes.load(ordering: .relaxed) < context.configuration.limits.handshakesMax,
      let certificate = certificate.withLock({ $0 }),
      let session = TLSSession(certificate, descriptor: descriptor)
    else {
      context.metrics.count(.handshakes)
      close(descriptor)
      return context.connectionClosed()
    }
    handshakes.add(1, ordering: .relaxed)
    let handshake = Handshake(descriptor: descriptor, session: session, loop: handshakeLoop, context: context) {
      [self] session in
      handshakes.subtract(1, ordering: .relaxed)
      guard let session else { return context.connectionClosed() }
      open(descriptor, peer, .secure(session), loop)
    }
    handshakeLoop.execute { handshake.open() }
  }

  private func open(_ descriptor: Int32, _ peer: Peer, _ transport: Transport, _ loop: EventLoop) {
    loop.execute { [context] in
      Connection(descriptor: descriptor, peer: peer, transport: transport, loop: loop, context: context).open()
    }
  }
}
