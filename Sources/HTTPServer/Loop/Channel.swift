/// A descriptor that an event loop watches. A loop owns its channels: they are only touched on its queue. It lets go of
/// them when they are removed and when it ends, which is what breaks the cycle between the two.
class Channel: @unchecked Sendable {
  let descriptor: Int32
  let loop: EventLoop

  /// When `expired` is due, in milliseconds of the loop's clock. Set by `EventLoop.schedule`.
  fileprivate(set) var deadline = UInt64.max
  fileprivate var tick: UInt64 = 0
  fileprivate var next: Channel?
  fileprivate unowned(unsafe) var previous: Channel?

  init(descriptor: Int32, loop: EventLoop) {
    self.descriptor = descriptor
    self.loop = loop
  }

  /// The descriptor can be read or written, or has failed; `events` as in epoll_wait(2).
  func ready(_ events: UInt32) {}

  /// What follows from events that were handled; see `EventLoop.finishSoon`.
  func finish() {}

  /// The deadline has passed.
  func expired() {}
}

/// Deadlines in a wheel of slots, so setting, moving and removing one takes constant time and no allocation.
///
/// A deadline that moves to later only changes a number; the channel finds its new slot when the old one comes round.
struct TimerWheel {
  private static let slotCount = 1024

  private var slots = [Channel?](repeating: nil, count: slotCount)
  private var current: UInt64
  private let tickMilliseconds: UInt64
  private(set) var count = 0

  /// - Parameter now: in milliseconds.
  init(tickMilliseconds: UInt64, now: UInt64) {
    self.tickMilliseconds = tickMilliseconds
    current = now / tickMilliseconds
  }

  /// Milliseconds until the next slot comes round; nil when there are no deadlines.
  func waitMilliseconds(_ now: UInt64) -> Int32? {
    count == 0 ? nil : Int32(clamping: Int64((current + 1) * tickMilliseconds) - Int64(now))
  }

  mutating func schedule(_ channel: Channel, at deadline: UInt64) {
    channel.deadline = deadline
    guard deadline < .max else { return }
    let wanted = deadline / tickMilliseconds + 1
    let tick = min(max(wanted, current + 1), current + UInt64(Self.slotCount) - 1)
    if channel.tick != 0 {
      if channel.tick <= tick { return }
      unlink(channel)
    }
    link(channel, tick)
  }

  mutating func cancel(_ channel: Channel) {
    channel.deadline = .max
    if channel.tick != 0 { unlink(channel) }
  }

  /// Returns the channels whose deadlines have passed; they are in the wheel no more.
  mutating func advance(to now: UInt64) -> [Channel] {
    let target = now / tickMilliseconds
    if count == 0 {
      current = max(current, target)
      return []
    }
    var expired: [Channel] = []
    while current < target {
      current += 1
      while let channel = slots[Int(current % UInt64(Self.slotCount))] {
        unlink(channel)
        if channel.deadline <= now {
          channel.deadline = .max
          expired.append(channel)
        } else {
          schedule(channel, at: channel.deadline)
        }
      }
    }
    return expired
  }

  private mutating func link(_ channel: Channel, _ tick: UInt64) {
    let slot = Int(tick % UInt64(Self.slotCount))
    channel.tick = tick
    channel.next = slots[slot]
    channel.previous = nil
    channel.next?.previous = channel
    slots[slot] = channel
    count += 1
  }

  private mutating func unlink(_ channel: Channel) {
    if let previous = channel.previous {
      previous.next = channel.next
    } else {
      slots[Int(channel.tick % UInt64(Self.slotCount))] = channel.next
    }
    channel.next?.previous = channel.previous
    channel.next = nil
    channel.previous = nil
    channel.tick = 0
    count -= 1
  }
}
