import Events
import Features
import Foundation
import Learning

/// What a server started with: the payload of ``EventKind/start``. Two of them tell what was changed in between.
struct StartRecord: Codable, Equatable {
  var version: String
  /// SHA-256 of the feature file.
  var features: String
  var catalog: String
  var ads: Int
  /// Values by dotted name.
  var settings: [String: String]

  /// Words for the settings that changed are cut here.
  private static let namedSettingCountMax = 8

  init(_ system: AdSystem, version: String, catalog: String, ads: Int) throws {
    self.version = version
    features = system.schema.sha256
    self.catalog = catalog
    self.ads = ads
    settings = try system.settings.values()
  }

  var event: Event {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let now = WallClock.now()
      return Event(kind: .start, time: now, received: now, payload: Array(try encoder.encode(self)))
    }
  }

  /// What is other than at the start before, in words: the settings by themselves, and the rest.
  func changes(since before: StartRecord?) -> (start: String, settings: String?) {
    guard let before else { return ("the server started, version \(version)", nil) }
    var words = ["the server started, version \(version)"]
    if version != before.version { words[0] += ", before \(before.version)" }
    if features != before.features { words.append("other features") }
    if catalog != before.catalog { words.append("another catalog (\(before.ads) ads before, \(ads) now)") }
    let names = Set(settings.keys).union(before.settings.keys).sorted().filter { settings[$0] != before.settings[$0] }
    guard !names.isEmpty else { return (words.joined(separator: ", "), nil) }
    var changed = names.prefix(Self.namedSettingCountMax).map {
      "\($0) from \(before.settings[$0] ?? "nothing") to \(settings[$0] ?? "nothing")"
    }
    if names.count > changed.count { changed.append("and \(names.count - changed.count) more") }
    return (words.joined(separator: ", "), "settings changed: " + changed.joined(separator: ", "))
  }
}
