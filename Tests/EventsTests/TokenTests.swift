import Foundation
import Locking
import Statistics
import Testing

@testable import Events

@Suite struct TokenTests {
  let directory = try! TemporaryDirectory()

  private func makeSealer() throws -> TokenSealer {
    TokenSealer(keys: try KeyRing(directory: directory.url.appending(path: "keys")))
  }

  @Test("a token opens to what it was made of, strange texts and extreme numbers included")
  func readsBack() throws {
    let sealer = try makeSealer()
    for seed in UInt64(0)..<300 {
      var generator = SeededGenerator(seed: seed)
      let served = ServedAd.random(&generator)
      #expect(try sealer.open(sealer.seal(served)) == served, "seed \(seed)")
    }
  }

  @Test("the layout of a served ad is the documented one")
  func layout() {
    var served = ServedAd.plain()
    served.decision = DecisionID(time: 0x0102_0304_0506, random: 0x0708_090A_0B0C_0D0E_0F10)
    served.time = served.decision.time - 1
    served.slot = 2
    served.objective = .ctr
    served.traffic = .probe
    (served.ctr, served.bid, served.price, served.propensity) = (0.5, 1, 2, 0)
    (served.user, served.ad, served.model) = ("u", "ä", "")
    served.context = ["b": "2", "a": "1"]
    (served.attributes, served.experiments) = ([:], ["e": "x"])
    var writer = ByteWriter(capacity: 0)
    served.write(to: &writer)
    var expected: [UInt8] = [1] + (1...16) + [2, 0b1001]
    expected += [0, 0, 0, 0, 0, 0, 0xE0, 0x3F] + [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]
    expected += [0, 0, 0, 0, 0, 0, 0, 0x40] + [0, 0, 0, 0, 0, 0, 0, 0]
    expected += [1] + [1, 0x75] + [2, 0xC3, 0xA4] + [0]
    expected += [2, 1, 0x61, 1, 0x31, 1, 0x62, 1, 0x32] + [0] + [1, 1, 0x65, 1, 0x78]
    #expect(writer.bytes == expected)
  }

  @Test("a flipped bit at any place is noticed")
  func bitFlips() throws {
    let sealer = try makeSealer()
    let sealed = Base64URL.decode(sealer.seal(.plain()))!
    for index in sealed.indices {
      for bit in 0..<8 {
        var changed = sealed
        changed[index] ^= 1 << UInt8(bit)
        let token = Base64URL.encode(changed)
        let error = #expect(throws: TokenError.self, "byte \(index), bit \(bit)") {
          try sealer.open(token)
        }
        switch (index, error) {
        case (0, .unsupportedVersion), (1...4, .unknownKey), (5..., .forged): break
        default: Issue.record("byte \(index), bit \(bit): \(String(describing: error))")
        }
      }
    }
  }

  @Test("a token cut or lengthened anywhere is refused")
  func truncations() throws {
    let sealer = try makeSealer()
    let token = sealer.seal(.plain())
    for count in 0..<token.count {
      #expect(throws: TokenError.self) { try sealer.open(String(token.prefix(count))) }
    }
    for tail in ["A", "AA", "AAAA", "=", " ", "\n"] {
      #expect(throws: TokenError.self) { try sealer.open(token + tail) }
    }
  }

  @Test(
    "text that isn't a token is malformed",
    arguments: ["", "?", "a b", "AQ", "AQ==", "++++", "AQAAAAAAAAAA", "ÄÖÜ"])
  func malformed(text: String) throws {
    let error = #expect(throws: TokenError.self) { try makeSealer().open(text) }
    #expect(error?.description.hasPrefix("not a token") == true)
  }

  @Test("a text that is too long isn't looked at")
  func tooLong() throws {
    let text = String(repeating: "A", count: TokenSealer.characterCountMax + 1)
    #expect(
      throws: TokenError.malformed("it is longer than \(TokenSealer.characterCountMax) characters")
    ) {
      try makeSealer().open(text)
    }
  }

  @Test("a token has exactly one text: other spellings of the last digit are refused")
  func canonical() throws {
    let sealer = try makeSealer()
    var served = ServedAd.plain()
    for length in 1...3 {
      served.user = String(repeating: "u", count: length)
      let token = sealer.seal(served)
      guard token.count % 4 != 0 else { continue }
      let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
      let others = digits.map { String(token.dropLast()) + String($0) }.filter { $0 != token }
      for other in others { #expect(throws: TokenError.self) { try sealer.open(other) } }
    }
  }

  @Test("tokens of another system are told from forged ones")
  func foreign() throws {
    let ours = try makeSealer()
    let other = try TemporaryDirectory()
    let theirs = TokenSealer(keys: try KeyRing(directory: other.url))
    #expect(throws: TokenError.unknownKey(theirs.keys.currentID)) {
      try ours.open(theirs.seal(.plain()))
    }
  }

  @Test("no nonce comes twice, on however many threads")
  func nonces() throws {
    let sealer = try makeSealer()
    let nonces = Locked<[ArraySlice<UInt8>]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      let mine = (0..<500).map { _ in Base64URL.decode(sealer.seal(.plain()))![5..<17] }
      nonces.withLock { $0 += mine }
    }
    #expect(Set(nonces.withLock { $0 }).count == 4000)
  }

  @Test("ids that are too long are cut, entries that are too long or too many are left out")
  func limits() throws {
    let sealer = try makeSealer()
    var served = ServedAd.plain()
    served.user = String(repeating: "ä", count: 200)
    served.context = [
      "ok": "1", "long": String(repeating: "x", count: 257),
      String(repeating: "k", count: 300): "1",
    ]
    served.attributes = Dictionary(
      uniqueKeysWithValues: (0..<300).map { (String(format: "%03d", $0), "v") })
    let opened = try sealer.open(sealer.seal(served))
    #expect(opened.user == String(repeating: "ä", count: 128))
    #expect(opened.context == ["ok": "1"])
    #expect(
      opened.attributes.count == 255 && opened.attributes["254"] == "v"
        && opened.attributes["255"] == nil)
  }

  @Test("random bytes never trap the reader of served ads and events")
  func fuzz() {
    for seed in UInt64(0)..<2000 {
      var generator = SeededGenerator(seed: seed)
      var writer = ByteWriter(capacity: 0)
      ServedAd.random(&generator).write(to: &writer)
      var bytes = writer.bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
      bytes.withUnsafeBytes { raw in
        var reader = ByteReader(raw)
        _ = try? ServedAd(from: &reader)
        _ = try? Event(kind: .impression, time: 0, received: 0, encoded: raw)
        _ = try? EventEntry.key(kind: .conversion, encoded: raw)
      }
    }
  }
}
