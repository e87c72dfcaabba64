import Features
import Foundation
import Ranking
import Testing

@Suite("A model file")
struct ModelFileTests {
  @Test("gives back the model, bit by bit")
  func roundTrip() throws {
    for seed in 0..<200 as Range<UInt64> {
      let model = try World(seed: seed, adCount: 0).model
      let data = ModelFile.encode(model)
      let decoded = try ModelFile.decode(data, schema: model.schema)
      #expect(decoded == model, "seed \(seed)")
      #expect(ModelFile.encode(decoded) == data, "seed \(seed)")
    }
  }

  @Test("is read by any JSON parser")
  func isJSON() throws {
    let model = try World(seed: 3, adCount: 0).model
    let object = try #require(JSONSerialization.jsonObject(with: ModelFile.encode(model)) as? [String: Any])
    #expect((object["weights"] as? [Any])?.count == model.weightCount)
    #expect(object["format"] as? Int == 1)
  }

  @Test("keeps every character of values, time and lineage")
  func textsSurvive() throws {
    let schema = try World.schema()
    var weights = ModelWeights(schema: schema)
    let template = FeatureTemplate(context: [0], ad: [1])
    for value in ["\"quoted\"", "back\\slash", "tab\tnew\nline\u{1}", "Größe", "日本", "😀"] {
      try weights.add(template, values: [value, "x"], weight: 0.1)
    }
    let model = try Model(
      id: "m \"1\"", created: 1_700_000_000_123, bias: -1, weights: weights, slots: [2: -0.25],
      calibration: .platt(slope: 1.1, intercept: -0.2), lineage: #"{"rows": [1, 2.50, {"a": null}]}"#)
    let decoded = try ModelFile.decode(ModelFile.encode(model), schema: schema)
    #expect(decoded == model)
    #expect(decoded.created == 1_700_000_000_123)
    #expect(decoded.lineage == #"{"rows": [1, 2.50, {"a": null}]}"#)
  }

  @Test("may come from elsewhere: other keys, other order, escapes, another features file")
  func foreignFile() throws {
    let text = #"""
      {"calibration": {"kind": "isotonic", "points": [[0.1, 0.05], [0.5, 5e-1]]}, "extra": [{"deep": [true, null]}],
       "weights": [{"weight": 1.5, "ad": {"a\u0030": "\u00e9\ud83d\ude00"}}, {"context": {}, "weight": "-Infinity"}],
       "slots": {"3": -1}, "created": "2026-01-31T12:00:00Z", "format": 1, "id": "x", "features_sha256": "other", "bias": -3}
      """#
    let model = try ModelFile.decode(Data(text.utf8), schema: World.schema())
    #expect(model.weightCount == 2)
    #expect(model.created == 1_769_860_800_000)
    #expect(model.featuresWarning?.contains("another features file") == true)
    #expect(model.slots == [3: -1])
    #expect(model.logit(context: [:], attributes: ["a0": "é😀"], slot: 1) == -.infinity)
  }

  @Test("is refused with the reason", arguments: ModelFileTests.refusals)
  func refusal(change: Refusal) throws {
    var text = Self.valid
    text = text.replacingOccurrences(of: change.old, with: change.new)
    let schema = try World.schema()
    let error = #expect(throws: ModelError.self) { try ModelFile.decode(Data(text.utf8), schema: schema) }
    #expect(error?.code == change.code, "\(error?.description ?? "")")
  }

  @Test("cut short at any byte is refused")
  func truncation() throws {
    let schema = try World.schema()
    let bytes = Array(Self.valid.utf8)
    for count in 0..<bytes.count {
      #expect(throws: ModelError.self, "\(count) bytes") {
        try ModelFile.decode(Data(bytes.prefix(count)), schema: schema)
      }
    }
  }

  @Test("nested without end is refused")
  func nesting() throws {
    let text = #"{"extra":"# + String(repeating: "[", count: 100_000)
    let schema = try World.schema()
    #expect(throws: ModelError.self) { try ModelFile.decode(Data(text.utf8), schema: schema) }
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let code: ModelError.Code
    var testDescription: String { "\(code): \(old) → \(new)" }
  }

  static let valid = #"""
    {"format":1,"id":"m","created":"2026-01-31T12:00:00Z","features_sha256":"f","bias":-3.5,"weights":[
    {"context":{"c0":"x"},"ad":{"a0":"y"},"weight":0.25},{"context":{"hour":"night"},"ad":{},"weight":-0.5}],
    "slots":{"2":-0.5},"calibration":{"kind":"platt","slope":1,"intercept":0}}
    """#

  static let refusals = [
    Refusal(old: #""format":1"#, new: #""format":2"#, code: .unknownFormat),
    Refusal(old: #""bias":-3.5,"#, new: "", code: .missingKey),
    Refusal(old: #","weight":0.25"#, new: "", code: .missingKey),
    Refusal(old: #""c0""#, new: #""c9""#, code: .unknownField),
    Refusal(old: #""a0""#, new: #""c0""#, code: .unknownField),
    Refusal(old: #""night""#, new: #""noon""#, code: .impossibleValue),
    Refusal(old: #""x""#, new: #""""#, code: .impossibleValue),
    Refusal(old: "0.25", new: #""NaN""#, code: .numberOutOfRange),
    Refusal(old: "0.25", new: #""Infinity""#, code: .numberOutOfRange),
    Refusal(old: "0.25", new: "1e7", code: .numberOutOfRange),
    Refusal(old: "-3.5", new: #""-Infinity""#, code: .numberOutOfRange),
    Refusal(old: #"{"hour":"night"},"ad":{}"#, new: #"{"c0":"x"},"ad":{"a0":"y"}"#, code: .duplicateWeight),
    Refusal(old: #"{"2""#, new: #"{"0""#, code: .invalidSlot),
    Refusal(old: #"{"2""#, new: #"{"two""#, code: .invalidSlot),
    Refusal(old: #""slope":1"#, new: #""slope":0"#, code: .invalidCalibration),
    Refusal(old: "platt", new: "spline", code: .invalidCalibration),
    Refusal(old: "0.25", new: "abc", code: .malformed),
    Refusal(old: #""x""#, new: "5", code: .malformed),
    Refusal(old: "2026-01-31T12:00:00Z", new: "yesterday", code: .malformed),
    Refusal(old: #""id":"m""#, new: #""id":"""#, code: .malformed),
  ]
}
