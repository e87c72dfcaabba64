import Foundation

/// The operating system's random numbers, a few at a time: every draw from it is a system call.
struct SystemChance: RandomNumberGenerator {
  private static let wordCount = 4
  private var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
  private var used = wordCount

  mutating func next() -> UInt64 {
    if used == Self.wordCount { fill() }
    defer { used += 1 }
    return withUnsafeBytes(of: words) { $0.load(fromByteOffset: 8 * used, as: UInt64.self) }
  }

  private mutating func fill() {
    let result = withUnsafeMutableBytes(of: &words) { getentropy($0.baseAddress!, $0.count) }
    precondition(result == 0, "the system gave no random numbers")
    used = 0
  }
}
