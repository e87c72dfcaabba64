import COpenSSL
import Dispatch
import Foundation
import Locking
import Synchronization

/// A serial queue that owns an epoll set, the channels in it, and their deadlines.
///
/// All of it but `execute` and `stop` may only be used on the queue.
final class EventLoop: @unchecked Sendable {
  /// As much as one read takes, and as much as one connection may hold the loop with unread bytes.
  static let scratchBytes = 64 * 1024
  private static let eventsMax = 1024
  /// Channels that wait for each other: answers that go out together wake their reader once.
  private static let unfinishedMax = 16

  let queue: DispatchQueue
  /// Reads go here, and only what can't be used at once is copied to the connection.
  let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: scratchBytes, alignment: 16)
  /// Empty output buffers with room, lent to connections that are answering.
  private var spareOutputs: [[UInt8]] = []
  /// Channels that have handled their events, and are to do what these bring about.
  private var unfinished: [Channel] = []
  /// When the events being handled were fetched, in nanoseconds of the monotonic clock.
  private(set) var batchNanoseconds = Clock.nanoseconds()
  private(set) var date = DateLine()
  var routeMetrics: RouteMetrics

  private let epoll: Int32
  private let wakeup: Int32
  private var channels: [Channel?] = []
  private var wheel: TimerWheel
  /// Nil when the loop has ended.
  private let mailbox = Locked<[@Sendable () -> Void]?>([])
  private let thread = Atomic<UInt>(0)
  private let isStopped = Atomic(false)

  init(label: String, tickMilliseconds: Int, routeMetrics: RouteMetrics) throws {
    self.routeMetrics = routeMetrics
    queue = DispatchQueue(label: label, qos: .userInitiated)
    wheel = TimerWheel(tickMilliseconds: UInt64(max(1, tickMilliseconds)), now: Clock.nanoseconds() / 1_000_000)
    epoll = try systemCall("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) }
    wakeup = try systemCall("eventfd") { eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC)) }
    control(EPOLL_CTL_ADD, wakeup, EPOLLIN.rawValue)
  }

  deinit {
    close(epoll)
    close(wakeup)
    scratch.deallocate()
  }

  /// The loop's time in milliseconds, as of the events being handled.
  var now: UInt64 { batchNanoseconds / 1_000_000 }

  func start() {
    queue.async { self.run() }
  }

  /// Ends the loop after the events at hand. Channels that are left are let go.
  func stop() {
    isStopped.store(true, ordering: .releasing)
    wake()
  }

  /// Runs the work on the queue, in the order of the calls. May be called from any thread; once the loop has ended, the
  /// work is dropped.
  func execute(_ work: @escaping @Sendable () -> Void) {
    let isFirst = mailbox.withLock { mailbox in
      mailbox?.append(work)
      return mailbox?.count == 1
    }
    if isFirst, thread.load(ordering: .relaxed) != UInt(pthread_self()) { wake() }
  }

  func register(_ channel: Channel, events: UInt32) {
    let index = Int(channel.descriptor)
    if index >= channels.count { channels.append(contentsOf: repeatElement(nil, count: index + 64 - channels.count)) }
    channels[index] = channel
    control(EPOLL_CTL_ADD, channel.descriptor, events)
  }

  func modify(_ channel: Channel, events: UInt32) {
    control(EPOLL_CTL_MOD, channel.descriptor, events)
  }

  /// Stops watching; the descriptor stays open.
  func remove(_ channel: Channel) {
    wheel.cancel(channel)
    channels[Int(channel.descriptor)] = nil
    control(EPOLL_CTL_DEL, channel.descriptor, 0)
  }

  /// Calls the channel's `expired` that many seconds from now; an earlier wish is forgotten.
  func schedule(_ channel: Channel, seconds: Double) {
    wheel.schedule(channel, at: now + UInt64(max(0, seconds) * 1000))
  }

  /// All channels that are watched.
  var registered: [Channel] { channels.compactMap { $0 } }

  private func run() {
    thread.store(UInt(pthread_self()), ordering: .relaxed)
    var events = [epoll_event](repeating: epoll_event(), count: Self.eventsMax)
    while !isStopped.load(ordering: .acquiring) {
      let isIdle = mailbox.withLock { $0?.isEmpty ?? true }
      let count = epoll_wait(epoll, &events, Int32(Self.eventsMax), isIdle ? wheel.waitMilliseconds(now) ?? -1 : 0)
      batchNanoseconds = Clock.nanoseconds()
      date.update()
      for event in events.prefix(Int(max(0, count))) {
        handle(event)
        if unfinished.count == Self.unfinishedMax { finish() }
      }
      finish()
      for work in mailbox.withLock({ exchange(&$0, with: []) }) ?? [] { work() }
      for channel in wheel.advance(to: now) { channel.expired() }
    }
    _ = mailbox.withLock { exchange(&$0, with: nil) }
    channels = []
  }

  /// Has the channel's `finish` called when the other events at hand are handled too, or when enough channels wait for it.
  func finishSoon(_ channel: Channel) { unfinished.append(channel) }

  private func finish() {
    for channel in exchange(&unfinished, with: []) { channel.finish() }
  }

  /// An empty buffer, with room if there is one.
  func takeOutput() -> [UInt8] { spareOutputs.popLast() ?? [] }

  /// Takes a buffer back that is empty and not too large.
  func giveOutput(_ buffer: consuming [UInt8]) {
    if spareOutputs.count < Self.unfinishedMax { spareOutputs.append(buffer) }
  }

  private func handle(_ event: epoll_event) {
    let descriptor = Int(event.data.u64)
    if descriptor == Int(wakeup) {
      var count: UInt64 = 0
      _ = read(wakeup, &count, MemoryLayout<UInt64>.size)
    } else {
      channels[descriptor]?.ready(event.events)
    }
  }

  private func wake() {
    var one: UInt64 = 1
    _ = write(wakeup, &one, MemoryLayout<UInt64>.size)
  }

  private func control(_ operation: Int32, _ descriptor: Int32, _ events: UInt32) {
    var event = epoll_event()
    event.events = events
    event.data.u64 = UInt64(descriptor)
    epoll_ctl(epoll, operation, descriptor, &event)
  }
}
