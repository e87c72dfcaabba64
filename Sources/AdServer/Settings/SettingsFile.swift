import Foundation
import HTTPServer
import Ranking
import Yams

extension Settings {
  /// The settings of a YAML file, with `ADLOOP_SECTION_NAME` variables of the environment on top.
  ///
  /// What neither says keeps its default. Keys are snake case; `join.click_window_seconds` is overridden by
  /// `ADLOOP_JOIN_CLICK_WINDOW_SECONDS`.
  /// - throws: ``SettingsError`` for an unknown key, a value of the wrong type, or a wrong ``SIMDLevel/variable``.
  public init(yaml: String, source: String, environment: [String: String]) throws {
    let known = try Self.tree(Settings.complete)
    var tree = try Self.tree(Settings())
    let file: Any?
    do { file = try Yams.load(yaml: yaml) } catch { throw SettingsError("\(source): not YAML: \(error)") }
    if let file {
      guard let file = file as? [String: Any] else {
        throw SettingsError("\(source): sections such as `http:` are expected at the top")
      }
      tree = try Self.overlay(tree, with: file, known: known, path: [], source: source)
    }
    tree = try Self.overlay(tree, with: environment, known: known, path: ["ADLOOP"])
    self = try Self.decoded(tree, source: source)
    do { _ = try SIMDLevel.chosen(by: environment) } catch { throw SettingsError(error.description) }
  }

  /// The settings of `file`, or the defaults where there is none, with the environment on top.
  public init(file: URL, environment: [String: String]) throws {
    let exists = FileManager.default.fileExists(atPath: file.path)
    let text = exists ? try String(contentsOf: file, encoding: .utf8) : ""
    try self.init(yaml: text, source: file.path, environment: environment)
  }

  /// Settings in which those that are off by default are set too: it shows what may be set, and of which type.
  private static var complete: Settings {
    var settings = Settings()
    settings.http.tlsPort = 0
    settings.http.unixSocketPath = ""
    settings.http.tls = .init(certificatePath: "", privateKeyPath: "")
    return settings
  }

  /// The dotted names of all settings, sorted.
  static func names() throws -> [String] {
    func leaves(_ value: Any, _ path: String) -> [String] {
      guard let tree = value as? [String: Any] else { return [path] }
      return tree.flatMap { key, value in
        let name = SettingName.snakeCase(key)
        return leaves(value, path.isEmpty ? name : "\(path).\(name)")
      }
    }
    return leaves(try tree(complete), "").sorted()
  }

  /// Variables of the environment that look like settings and are none, sorted: most likely misspelt.
  public static func unknownVariables(in environment: [String: String]) throws -> [String] {
    let known = try Set(names().map { "ADLOOP_" + $0.replacing(".", with: "_").uppercased() })
    let others: Set = [AdSystem.adminTokenVariable, AdSystem.tokenKeysVariable, SIMDLevel.variable]
    return environment.keys.filter { $0.hasPrefix("ADLOOP_") && !known.contains($0) && !others.contains($0) }.sorted()
  }

  static func tree(_ settings: Settings) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(settings))
    return object as? [String: Any] ?? [:]
  }

  private static func decoded(_ tree: [String: Any], source: String) throws -> Settings {
    do {
      return try JSONDecoder().decode(Settings.self, from: JSONSerialization.data(withJSONObject: tree))
    } catch let error as DecodingError {
      throw SettingsError("\(source) or the environment: \(Self.reason(error))")
    }
  }

  private static func overlay(
    _ tree: [String: Any], with file: [String: Any], known: [String: Any], path: [String], source: String
  ) throws -> [String: Any] {
    var tree = tree
    for (written, value) in file where !(value is NSNull) {
      let name = (path + [written]).joined(separator: ".")
      guard let (key, kind) = known.first(where: { SettingName.snakeCase($0.key) == written }) else {
        let names = known.keys.map(SettingName.snakeCase).sorted().joined(separator: ", ")
        throw SettingsError("\(source): there is no setting '\(name)'; known here: \(names)")
      }
      guard let section = kind as? [String: Any] else {
        tree[key] = value
        continue
      }
      guard let part = value as? [String: Any] else {
        throw SettingsError("\(source): '\(name)' is a section and needs settings below it")
      }
      let old = tree[key] as? [String: Any] ?? [:]
      tree[key] = try overlay(old, with: part, known: section, path: path + [written], source: source)
    }
    return tree
  }

  private static func overlay(
    _ tree: [String: Any], with environment: [String: String], known: [String: Any], path: [String]
  ) throws -> [String: Any] {
    var tree = tree
    for (key, kind) in known {
      let name = path + [SettingName.snakeCase(key)]
      let variable = name.joined(separator: "_").uppercased()
      if let section = kind as? [String: Any] {
        let old = tree[key] as? [String: Any]
        let new = try overlay(old ?? [:], with: environment, known: section, path: name)
        if old != nil || !new.isEmpty { tree[key] = new }
      } else if let text = environment[variable] {
        tree[key] = try value(text, like: kind, variable: variable)
      }
    }
    return tree
  }

  private static func value(_ text: String, like known: Any, variable: String) throws -> Any {
    if known is String { return text }
    do {
      if let value = try Yams.load(yaml: text) { return value }
    } catch { throw SettingsError("\(variable)='\(text)' can't be read: \(error)") }
    throw SettingsError("\(variable) is empty; give it a value or unset it")
  }

  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      return "'\(Self.name(context.codingPath))' must be \(type)"
    case .dataCorrupted(let context):
      return "'\(Self.name(context.codingPath))': \(context.debugDescription)"
    case .keyNotFound(let key, let context):
      return "'\(Self.name(context.codingPath + [key]))' is missing"
    @unknown default: return "\(error)"
    }
  }

  private static func name(_ path: [any CodingKey]) -> String {
    path.map { SettingName.snakeCase($0.stringValue) }.joined(separator: ".")
  }
}

/// The spelling of a Swift name in settings files.
enum SettingName {
  /// `clickWindowSeconds` as `click_window_seconds`, `priorCTR` as `prior_ctr`.
  static func snakeCase(_ name: String) -> String {
    var text = ""
    var isAfterLowercase = false
    for character in name {
      if character.isUppercase, isAfterLowercase { text += "_" }
      isAfterLowercase = !character.isUppercase
      text += character.lowercased()
    }
    return text
  }
}

/// Why the settings can't be used, and what to change.
public struct SettingsError: Error, CustomStringConvertible, Equatable {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}
