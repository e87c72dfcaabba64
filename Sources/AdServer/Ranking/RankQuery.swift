import Catalog
import Foundation
import HTTPServer
import HTTPTypes

/// What a page asks for: the ads of one page view.
public struct RankQuery: Sendable, Equatable {
  /// The visitor, or empty when unknown.
  public var user = ""
  /// Raw values by field; fields that nothing looks at are ignored and counted.
  public var context: [String: String] = [:]
  /// Ads wanted; `nil` for the system's default.
  public var slots: Int?
  /// Ids of ads that must not be shown.
  public var excluded: [String] = []
  /// Whether the answer explains each score.
  public var explain = false
  /// Ids of ads of which the answer says why they are served, or why not.
  public var explainedAds: [String] = []
  /// Arms to put the request into, by experiment, to check them: marked as such, and not counted.
  public var forcedArms: [String: String] = [:]
  /// Whether the decision is only a try, whose events never count.
  public var isDryRun = false

  public init(user: String = "", context: [String: String] = [:]) {
    self.user = user
    self.context = context
  }

  /// Named bounds of a query.
  enum Limits {
    static let userByteCountMax = 256
    static let contextFieldCountMax = 100
    static let contextByteCountMax = 256
    static let adIDByteCountMax = 256
  }
}

extension RankQuery {
  /// Reads the query of `GET /rank`: every parameter that isn't reserved is a context field.
  init(query: [QueryItem]) throws {
    context.reserveCapacity(query.count)
    for (index, item) in query.enumerated() {
      switch item.name {
      case "user": user = item.value
      case "slots": slots = try Self.slots(item.value)
      case "exclude": excluded += item.value.split(separator: ",").map(String.init)
      case "explain":
        do { explain = try Self.flag(item) } catch { explainedAds += item.value.split(separator: ",").map(String.init) }
      case "dry_run": isDryRun = try Self.flag(item)
      default:
        guard context.updateValue(item.value, forKey: item.name) == nil else { throw Self.twice(item) }
        continue
      }
      if item.name != "exclude", query[..<index].contains(where: { $0.name == item.name }) { throw Self.twice(item) }
    }
    try checkBounds()
  }

  /// Reads the body of `POST /rank`.
  init(json body: [UInt8]) throws {
    for member in try JSONBody.object(body) {
      let (key, value) = (member.name, member.value)
      switch key {
      case "user": user = try JSONBody.string(value, key)
      case "context": context = try Self.context(value)
      case "slots": slots = try JSONBody.integer(value, key)
      case "exclude": excluded = try JSONBody.strings(value, key)
      case "explain": try readExplain(value, key)
      case "experiments": forcedArms = try Self.arms(value)
      case "dry_run": isDryRun = try JSONBody.boolean(value, key)
      default:
        throw Self.problem(
          "there is no field '\(key)'; known are user, context, slots, exclude, explain, experiments, "
            + "dry_run")
      }
    }
    try checkBounds()
  }

  /// A truth value, the id of an ad, or several.
  private mutating func readExplain(_ value: JSONValue, _ key: String) throws {
    switch value {
    case .string(let id): explainedAds = [id]
    case .array: explainedAds = try JSONBody.strings(value, key)
    default: explain = try JSONBody.boolean(value, key)
    }
  }

  private static func context(_ value: JSONValue) throws -> [String: String] {
    guard case .object(let members) = value else {
      throw problem("'context' must be an object of field names and values")
    }
    var context: [String: String] = [:]
    for member in members { context[member.name] = try JSONBody.scalar(member.value, "context") }
    return context
  }

  private static func arms(_ value: JSONValue) throws -> [String: String] {
    guard case .object(let members) = value else {
      throw problem("'experiments' must be an object of experiments and the arms to force")
    }
    return try Dictionary(members.map { ($0.name, try JSONBody.string($0.value, "experiments")) }) { $1 }
  }

  /// Reads the header that forces arms: `experiment=arm`, several separated by commas.
  mutating func readForcedArms(header text: String) throws {
    for pair in text.split(separator: ",") {
      let parts = pair.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      guard parts.count == 2 else { throw Self.problem("'AdLoop-Experiments' must be experiment=arm") }
      forcedArms[parts[0]] = parts[1]
    }
  }

  private static func slots(_ text: String) throws -> Int {
    guard let slots = Int(text) else { throw problem("'slots' must be a whole number") }
    return slots
  }

  private static func flag(_ item: QueryItem) throws -> Bool {
    switch item.value {
    case "", "1", "true": return true
    case "0", "false": return false
    default: throw problem("'\(item.name)' must be true or false")
    }
  }

  private func checkBounds() throws {
    guard user.utf8.count <= Limits.userByteCountMax else {
      throw Self.problem("'user' is longer than \(Limits.userByteCountMax) bytes; send a shorter id")
    }
    guard context.count <= Limits.contextFieldCountMax else {
      throw Self.problem("more than \(Limits.contextFieldCountMax) context fields; send those of the schema only")
    }
    for (name, value) in context
    where name.utf8.count > Limits.contextByteCountMax || value.utf8.count > Limits.contextByteCountMax {
      throw Self.problem("a context field is longer than \(Limits.contextByteCountMax) bytes; shorten it")
    }
    for id in excluded + explainedAds where id.utf8.count > Limits.adIDByteCountMax {
      throw Self.problem("an ad's id is longer than \(Limits.adIDByteCountMax) bytes; no ad has such an id")
    }
  }

  private static func twice(_ item: QueryItem) -> Problem {
    problem("the parameter '\(item.name)' appears twice; send it once")
  }

  private static func problem(_ detail: String) -> Problem {
    Problem(.badRequest, title: "Invalid rank request", detail: detail)
  }
}
