import Statistics

/// Draws that belong to names: the same seed and names give the same draw, whatever was drawn before.
struct Chance: Sendable {
  private let seed: UInt64

  init(seed: UInt64) {
    self.seed = seed
  }

  /// A stream of its own for a thing with a name.
  func generator(_ topic: StaticString, _ names: String...) -> SeededGenerator {
    generator(topic, names: names)
  }

  /// A stream of its own for a thing with numbers; quick, for what happens often.
  func generator(_ topic: StaticString, _ first: Int, _ second: Int = 0) -> SeededGenerator {
    var hash = start(topic)
    for number in [first, second] {
      hash = (hash ^ UInt64(bitPattern: Int64(number))) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
    }
    return SeededGenerator(seed: hash)
  }

  /// A standard normal draw of its own for names.
  func normal(_ topic: StaticString, _ names: String...) -> Double {
    var generator = generator(topic, names: names)
    return generator.nextNormal()
  }

  /// Four standard normal draws of their own for a name.
  func vector(_ topic: StaticString, _ name: String) -> SIMD4<Float> {
    var generator = generator(topic, name)
    return SIMD4((0..<4).map { _ in Float(generator.nextNormal()) })
  }

  /// FNV-1a over the parts, each ended by a zero byte.
  private func generator(_ topic: StaticString, names: [String]) -> SeededGenerator {
    var hash = start(topic)
    for name in names {
      for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      hash = hash &* 0x100_0000_01b3
    }
    return SeededGenerator(seed: hash)
  }

  private func start(_ topic: StaticString) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ (seed &* 0x9E37_79B9_7F4A_7C15)
    for index in 0..<topic.utf8CodeUnitCount { hash = (hash ^ UInt64(topic.utf8Start[index])) &* 0x100_0000_01b3 }
    return hash
  }
}
