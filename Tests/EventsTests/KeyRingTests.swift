import Foundation
import Locking
import Testing

@testable import Events

@Suite struct KeyRingTests {
  let directory = try! TemporaryDirectory()

  private var file: URL { directory.url.appending(path: "tokens") }

  @Test("a ring is made once, readable by its owner only, and is the same when opened again")
  func madeOnce() throws {
    let token = TokenSealer(keys: try KeyRing(directory: directory.url)).seal(.plain())
    let mode =
      try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try TokenSealer(keys: KeyRing(directory: directory.url)).open(token) == .plain())
  }

  @Test(
    "after a rotation the new key seals and the old one still opens, in a process that reloads too")
  func rotates() throws {
    let ring = try KeyRing(directory: directory.url)
    let other = try KeyRing(directory: directory.url)
    let sealer = TokenSealer(keys: ring)
    let old = sealer.seal(.plain())
    let oldID = ring.currentID
    try ring.rotate()
    #expect(ring.currentID != oldID)
    let new = sealer.seal(.plain())
    #expect(try sealer.open(old) == .plain())
    #expect(throws: TokenError.unknownKey(ring.currentID)) {
      try TokenSealer(keys: other).open(new)
    }
    try other.reload()
    #expect(other.currentID == ring.currentID)
    #expect(try TokenSealer(keys: other).open(new) == .plain())
  }

  @Test("rotations beyond the limit retire the oldest key")
  func retires() throws {
    let ring = try KeyRing(directory: directory.url)
    let sealer = TokenSealer(keys: ring)
    let first = sealer.seal(.plain())
    for _ in 1..<KeyRing.keyCountMax { try ring.rotate() }
    #expect(try sealer.open(first) == .plain())
    try ring.rotate()
    #expect(throws: TokenError.self) { try sealer.open(first) }
  }

  @Test("many openers at once agree on one first key")
  func agree() throws {
    let ids = Locked(Set<UInt32>())
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      if let ring = try? KeyRing(directory: directory.url) {
        ids.withLock { _ = $0.insert(ring.currentID) }
      }
    }
    #expect(ids.withLock { $0.count } == 1)
  }

  @Test("keys that others may read are refused with the command that helps")
  func refusesOpenMode() throws {
    _ = try KeyRing(directory: directory.url)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
    let error = #expect(throws: KeyRingError.self) { try KeyRing(directory: directory.url) }
    #expect(error?.description.contains("chmod 600") == true)
  }

  @Test("a damaged file is refused, not replaced", arguments: ["", "nonsense\n", "AAAA\n"])
  func refusesDamage(text: String) throws {
    _ = try KeyRing(directory: directory.url)
    try Data(text.utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    #expect(throws: KeyRingError.self) { try KeyRing(directory: directory.url) }
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
  }

  @Test("keys of a setting: the first seals, all open")
  func configured() throws {
    let (one, two) = (Data(repeating: 1, count: 32), Data(repeating: 2, count: 32))
    let old = TokenSealer(keys: try KeyRing(configuration: one.base64EncodedString()))
    let text = "\(two.base64EncodedString()), \(one.base64EncodedString())"
    let new = TokenSealer(keys: try KeyRing(configuration: text))
    #expect(new.keys.currentID != old.keys.currentID)
    #expect(try new.open(old.seal(.plain())) == .plain())
    #expect(throws: TokenError.self) { try old.open(new.seal(.plain())) }
    #expect(throws: KeyRingError.self) { try new.keys.rotate() }
  }

  @Test("settings that hold no key are refused", arguments: ["", ",", "AAAA", "not base64"])
  func refusesSetting(text: String) {
    #expect(throws: KeyRingError.self) { try KeyRing(configuration: text) }
  }
}
