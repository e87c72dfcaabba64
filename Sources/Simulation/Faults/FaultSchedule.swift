import Events
import Statistics
import Yams

/// Which faults happen in a run, and when.
public struct FaultSchedule: Sendable, Equatable {
  public var faults: [Fault]

  public init(_ faults: [Fault] = []) {
    self.faults = faults
  }

  /// The faults that touch a page view of the true context at a time.
  func active(at time: Milliseconds, context: [String: String]) -> ActiveFaults {
    let touching = faults.filter { $0.touches(context, at: time) }
    guard !touching.isEmpty else { return .none }
    var hash = UInt64(bitPattern: time)
    for byte in (context["browser"] ?? "").utf8 { hash = hash &* 31 &+ UInt64(byte) }
    var generator = SeededGenerator(seed: hash)
    return ActiveFaults(faults: touching, point: generator.nextUniform())
  }

  /// Reads a schedule such as
  ///
  ///     faults:
  ///       - {fault: clicks_lost, place: {device: mobile}, from: 6h, to: 9h, strength: 1}
  ///       - {fault: feature_missing, field: interest, place: {country: DE}, from: 1d, to: 1d6h}
  ///
  /// `from` and `to` are spans since the run's beginning; `place` left out is everywhere, `to` the end of the run,
  /// `strength` 1.
  /// - throws: ``ClientError`` with what is wrong, and in which fault.
  public init(yaml: String, start: Milliseconds, end: Milliseconds) throws(ClientError) {
    let document: Any?
    do { document = try Yams.load(yaml: yaml) } catch { throw ClientError("the faults aren't YAML: \(error)") }
    guard let root = document as? [String: Any], root.count == 1, let list = root["faults"] as? [Any] else {
      throw ClientError("a schedule has one key, `faults`, with a list")
    }
    var faults: [Fault] = []
    for (index, entry) in list.enumerated() {
      guard let entry = entry as? [String: Any] else { throw ClientError("fault \(index + 1) has no keys") }
      do { faults.append(try Self.fault(entry, start: start, end: end)) } catch {
        throw ClientError("fault \(index + 1): \(error.description)")
      }
    }
    self.init(faults)
  }

  private static let keys = ["fault", "place", "from", "to", "strength", "field", "value"]

  private static func fault(
    _ entry: [String: Any], start: Milliseconds, end: Milliseconds
  ) throws(ClientError) -> Fault {
    if let unknown = entry.keys.sorted().first(where: { !keys.contains($0) }) {
      throw ClientError("there is no '\(unknown)'; known are \(keys.joined(separator: ", "))")
    }
    guard let kind = (entry["fault"] as? String).flatMap(Fault.Kind.init(rawValue:)) else {
      throw ClientError("`fault` must be one of \(Fault.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard let place = (entry["place"] ?? [String: Any]()) as? [String: Any] else {
      throw ClientError("`place` must hold fields and values, such as {device: mobile}")
    }
    let fault = Fault(
      kind: kind, place: place.mapValues { "\($0)" }, from: start + (try span(entry["from"]) ?? 0),
      to: try span(entry["to"]).map { start + $0 } ?? end,
      strength: try strength(entry["strength"], kind), field: entry["field"].map { "\($0)" },
      value: entry["value"].map { "\($0)" })
    return try checked(fault)
  }

  private static func checked(_ fault: Fault) throws(ClientError) -> Fault {
    guard fault.from < fault.to else { throw ClientError("`from` must lie before `to`") }
    if [.featureStuck, .featureMissing].contains(fault.kind), fault.field == nil {
      throw ClientError("\(fault.kind.rawValue) needs a `field`, such as interest")
    }
    if fault.kind == .featureStuck, fault.value == nil { throw ClientError("feature_stuck needs a `value`") }
    if fault.kind == .priceCut, Array(fault.place.keys) != ["category"] {
      throw ClientError("price_cut needs a `place` of one ad category, such as {category: finance}")
    }
    return fault
  }

  private static func strength(_ value: Any?, _ kind: Fault.Kind) throws(ClientError) -> Double {
    guard let value else { return 1 }
    guard let strength = (value as? Double) ?? (value as? Int).map(Double.init), strength.isFinite else {
      throw ClientError("`strength` must be a number")
    }
    let bounds: ClosedRange<Double> =
      switch kind {
      case .botBurst: 0...100
      case .miscalibratedModel: -5...5
      default: 0...1
      }
    guard bounds.contains(strength) else {
      throw ClientError("`strength` of \(kind.rawValue) lies between \(bounds.lowerBound) and \(bounds.upperBound)")
    }
    return strength
  }

  private static func span(_ value: Any?) throws(ClientError) -> Milliseconds? {
    guard let value else { return nil }
    guard let span = TimeSpan(text: "\(value)") else {
      throw ClientError("'\(value)' is no time since the run's beginning; write it as 90m, 6h or 1d12h")
    }
    return span.milliseconds
  }
}
