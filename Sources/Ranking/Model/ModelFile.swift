import Features
import Foundation

/// A model as a JSON file, exact and complete, so that an outsider can recompute every probability.
///
///     {"format":1,"id":"m1","created":"2026-01-31T12:00:00.000Z","features_sha256":"…","bias":-3.5,
///      "weights":[{"context":{"device":"mobile"},"ad":{"category":"shoes"},"weight":0.25},…],
///      "slots":{"2":-0.5},"calibration":{"kind":"platt","slope":1.1,"intercept":-0.2},"lineage":{…}}
///
/// A weight applies when all its fields match; a weight −∞ is the string `"-Infinity"`. `calibration` is of kind
/// `identity`, `platt` (slope, intercept) or `isotonic` (`"points":[[x,y],…]`), see ``Calibration``. `lineage` is optional
/// and free. Other keys are ignored. Numbers are written with as many digits as give back the same `Double`.
public enum ModelFile {
  /// The version of the format that is written and read.
  public static let format = 1

  /// The file of a model, about 80 bytes and a microsecond a weight; equal models give equal bytes.
  public static func encode(_ model: Model) -> Data {
    var text = Writer()
    text.put("{\"format\":\(format),\"id\":\(quote(model.id)),\"created\":\(quote(date(model.created)))")
    text.put(",\"features_sha256\":\(quote(model.featuresSHA256)),\"bias\":\(number(model.bias)),\n\"weights\":[")
    var isFirst = true
    for pattern in model.patterns {
      let members = WeightMembers(model, pattern.template)
      for index in pattern.weights.indices {
        text.put(isFirst ? "\n" : ",\n")
        isFirst = false
        members.write(pattern.key(index), to: &text)
        text.put(number(pattern.weights[index]))
        text.put("}")
      }
    }
    let slots = model.slots.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\(number($0.value))" }
    text.put("],\n\"slots\":{\(slots.joined(separator: ","))},\"calibration\":\(calibration(model.calibration))")
    if let lineage = model.lineage { text.put(",\"lineage\":\(lineage)") }
    text.put("}\n")
    return Data(text.bytes)
  }

  /// UTC, to the millisecond.
  static var dateStyle: Date.ISO8601FormatStyle { Date.ISO8601FormatStyle(includingFractionalSeconds: true) }

  private static func date(_ milliseconds: Int64) -> String {
    // Half a millisecond more, since the style cuts off what the division lost.
    Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1000).formatted(dateStyle)
  }

  private static func number(_ number: Double) -> String {
    number.isFinite ? number.description : quote(number < 0 ? "-Infinity" : "Infinity")
  }

  private static func calibration(_ calibration: Calibration) -> String {
    switch calibration {
    case .identity: return #"{"kind":"identity"}"#
    case .platt(let slope, let intercept): return #"{"kind":"platt","slope":\#(slope),"intercept":\#(intercept)}"#
    case .isotonic(let points):
      let list = points.map { "[\($0.x),\($0.y)]" }.joined(separator: ",")
      return #"{"kind":"isotonic","points":[\#(list)]}"#
    }
  }

  fileprivate static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case ..<" ":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

/// Collects the bytes of a file.
private struct Writer {
  private(set) var bytes: [UInt8] = []

  mutating func put(_ text: String) { bytes += text.utf8 }

  mutating func put(_ text: [UInt8]) { bytes += text }
}

/// The texts that the weights of one pattern are put together from: `"field":"value"` for each value of each field.
private struct WeightMembers {
  private let contextMembers: [[[UInt8]]]
  private let adMembers: [[[UInt8]]]

  init(_ model: Model, _ template: FeatureTemplate) {
    contextMembers = template.context.map { index in
      Self.members(model.schema.contextFields[index].name, model.contextValues[index])
    }
    adMembers = template.ad.map { Self.members(model.schema.adFields[$0].name, model.adValues[$0]) }
  }

  func write(_ key: ArraySlice<UInt32>, to text: inout Writer) {
    text.put("{\"context\":{")
    Self.write(contextMembers, key.prefix(contextMembers.count), to: &text)
    text.put("},\"ad\":{")
    Self.write(adMembers, key.suffix(adMembers.count), to: &text)
    text.put("},\"weight\":")
  }

  private static func members(_ field: String, _ values: ValueTable) -> [[UInt8]] {
    values.values.map { Array("\(ModelFile.quote(field)):\(ModelFile.quote($0))".utf8) }
  }

  private static func write(_ members: [[[UInt8]]], _ key: ArraySlice<UInt32>, to text: inout Writer) {
    for (place, value) in key.enumerated() {
      if place > 0 { text.put(",") }
      text.put(members[place][Int(value)])
    }
  }
}
