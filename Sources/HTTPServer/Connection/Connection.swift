import COpenSSL
import DequeModule
import Glibc
import Synchronization

/// One client: reads requests, has them answered, and writes the answers in order. Lives on its loop's queue.
///
/// It keeps no buffer between requests: reads go to the loop's scratch memory, answers to a buffer the loop lends, and only
/// what is left of either stays here.
final class Connection: Channel, @unchecked Sendable {
  /// What the connection waits for; each has its deadline.
  enum Waiting { case idle, head, body, response, write, linger }

  let context: ServerContext
  let transport: Transport
  /// The other end of the socket, which may be a proxy.
  let peer: Peer

  var parser: RequestParser
  var upload: Upload?
  /// Bytes that have arrived and aren't used yet.
  var pending: [UInt8] = []
  /// Requests whose answers are awaited, or wait behind one that is.
  var exchanges: Deque<Exchange> = []
  /// The number of `exchanges.first`, counted from the connection's start.
  var firstSequence = 0
  var output: [UInt8] = []
  var outputStart = 0
  /// What of `output` is counted in the budget for all connections.
  var backlogBytes = 0

  var requestCount = 0
  /// Requests that may still be begun before other connections get their turn.
  var turn = 0
  /// No request is read behind the one that was read last.
  var isLast = false
  var inputEnded = false
  var isWriteBlocked = false
  var isAdvanceScheduled = false
  var isClosed = false
  private var isLingering = false
  private var waiting = Waiting.head
  private var waitingMark = 0
  private var interest = EPOLLIN.rawValue

  init(descriptor: Int32, peer: Peer, transport: Transport, loop: EventLoop, context: ServerContext) {
    self.context = context
    self.transport = transport
    self.peer = peer
    parser = RequestParser(limits: context.parserLimits)
    super.init(descriptor: descriptor, loop: loop)
  }

  /// Puts the connection into its loop.
  func open() {
    loop.register(self, events: interest)
    loop.schedule(self, seconds: context.configuration.deadlines.headerSeconds)
    if transport.isSecure { receive() }
    if context.isDraining.load(ordering: .acquiring) { drain() }
  }

  override func ready(_ events: UInt32) {
    if events & EPOLLHUP.rawValue != 0, interest & EPOLLIN.rawValue == 0 { return close() }
    if isWriteBlocked, events & (EPOLLOUT.rawValue | EPOLLERR.rawValue) != 0 { advance() }
    if !isClosed, interest & EPOLLIN.rawValue != 0, events & ~EPOLLOUT.rawValue != 0 {
      read()
      if !isClosed { loop.finishSoon(self) }
    }
  }

  override func finish() {
    if !isClosed { advance() }
  }

  /// Whether another request may be read now.
  private var mayRead: Bool {
    !isLast && !isWriteBlocked && exchanges.count < context.configuration.limits.pipelinedRequestsMax
      && output.count - outputStart <= context.configuration.limits.writeBacklogBytesMax
  }

  /// Whether another request may be begun in this turn.
  var mayBegin: Bool { turn > 0 && mayRead }

  var isIdle: Bool {
    exchanges.isEmpty && upload == nil && !parser.isUnderway && pending.isEmpty && output.isEmpty
  }

  /// Closes when idle; else the request that is under way is the last one.
  func drain() {
    if isClosed || isLingering { return }
    if isIdle { receive() }
    if !isClosed, isIdle { close() }
  }

  /// Does all that can be done without waiting, then waits for what is missing.
  func advance() {
    turn = context.configuration.limits.pipelinedRequestsMax
    flush()
    while !isClosed, !pending.isEmpty, mayBegin {
      let before = pending.count
      takePending()
      flush()
      if pending.count == before { break }
    }
    if !isClosed, pending.isEmpty, transport.hasBuffered, wantsInput {
      receive()
    } else {
      settle()
    }
  }

  /// Decides what to wait for.
  func settle() {
    if isClosed { return }
    if turn == 0, !pending.isEmpty { scheduleAdvance() }
    if exchanges.isEmpty, upload == nil, output.isEmpty, !isLingering {
      if isLast { linger() } else if inputEnded, turn > 0 { return endInput() }
    } else if inputEnded, upload != nil {
      return endInput()
    }
    if !isClosed { wait() }
  }

  func scheduleAdvance() {
    guard !isAdvanceScheduled else { return }
    isAdvanceScheduled = true
    loop.execute { [self] in
      isAdvanceScheduled = false
      if !isClosed { advance() }
    }
  }

  var wantsInput: Bool {
    if inputEnded || isWriteBlocked { return false }
    return isLingering || upload != nil || mayRead && (turn > 0 || pending.isEmpty)
  }

  private func wait() {
    var wanted: UInt32 = 0
    if wantsInput { wanted |= EPOLLIN.rawValue }
    if isWriteBlocked { wanted |= EPOLLOUT.rawValue }
    if wanted != interest {
      interest = wanted
      loop.modify(self, events: wanted)
    }
    let now = nowWaiting
    let mark = requestCount + firstSequence
    if now != waiting || mark != waitingMark {
      waiting = now
      waitingMark = mark
      loop.schedule(self, seconds: seconds(now))
    }
  }

  private var nowWaiting: Waiting {
    if isLingering { return .linger }
    if isWriteBlocked { return .write }
    if !exchanges.isEmpty { return .response }
    if upload != nil { return .body }
    return parser.isUnderway || requestCount == 0 ? .head : .idle
  }

  private func seconds(_ waiting: Waiting) -> Double {
    let deadlines = context.configuration.deadlines
    return switch waiting {
    case .idle: deadlines.idleSeconds
    case .head: deadlines.headerSeconds
    case .body: deadlines.bodySeconds
    case .response: deadlines.handlerSeconds
    case .write: deadlines.writeSeconds
    case .linger: deadlines.lingerSeconds
    }
  }

  override func expired() {
    switch waiting {
    case .idle, .linger: close()
    case .head:
      guard parser.isUnderway else { return close() }
      context.metrics.count(.headerDeadline)
      refuse(ParseFailure(408, "The header did not arrive in time."))
    case .body:
      context.metrics.count(.bodyDeadline)
      refuse(ParseFailure(408, "The body did not arrive in time."))
    case .response:
      context.metrics.count(.handlerDeadline)
      giveUp()
    case .write:
      context.metrics.count(.writeDeadline)
      close()
    }
    if !isClosed { advance() }
  }

  /// Ends our side and throws away what the client still sends, so that it can read the answer: closing with unread bytes
  /// would reset the connection and could destroy it (RFC 9112, 9.6).
  private func linger() {
    if inputEnded { return close() }
    isLingering = true
    pending = []
    transport.endOutput(descriptor)
  }

  var discardsInput: Bool { isLingering }

  func close() {
    if isClosed { return }
    isClosed = true
    loop.remove(self)
    if case .secure(let session) = transport { session.endOutput() }
    Glibc.close(descriptor)
    release()
    context.connectionClosed()
  }

  private func release() {
    _ = context.backlogBudget.change(by: -backlogBytes)
    if let upload { releaseBody(upload.exchange) }
    for exchange in exchanges { forget(exchange) }
    (upload, pending, output) = (nil, [], [])
    exchanges = []
  }
}
