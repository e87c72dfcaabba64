import Events
import Features
import Foundation

extension ModelFile {
  /// The model in a file, checked against the schema, about two microseconds a weight.
  ///
  /// A file of another features file is no error, see ``Model/featuresWarning``; a field or value that the schema doesn't
  /// have is.
  ///
  /// - throws: ``ModelError`` that names the key or the weight (counted from 1) and says what to do.
  public static func decode(_ data: Data, schema: Schema) throws(ModelError) -> Model {
    let bytes = data.withUnsafeBytes { raw in
      Result { () throws(ModelError) -> Model in
        var scanner = JSONScanner(raw.bindMemory(to: UInt8.self))
        return try Parts(&scanner, schema: schema).model()
      }
    }
    return try bytes.get()
  }

  /// What has been read of a file.
  private struct Parts {
    private let schema: Schema
    private var format: Double?
    private var id: String?
    private var created: Milliseconds?
    private var featuresSHA256: String?
    private var bias: Double?
    private var weights: ModelWeights
    private var hasWeights = false
    private var slots: [Int: Double] = [:]
    private var calibration: Calibration?
    private var lineage: String?

    init(_ scanner: inout JSONScanner, schema: Schema) throws(ModelError) {
      self.schema = schema
      weights = ModelWeights(schema: schema)
      try scanner.object { scanner, key throws(ModelError) in try read(key, &scanner) }
      try scanner.finish()
    }

    func model() throws(ModelError) -> Model {
      guard try Self.require(format, "format") == Double(ModelFile.format) else {
        throw ModelError(
          .unknownFormat, "the model file isn't of format \(ModelFile.format); export it with this release")
      }
      guard hasWeights else { throw Self.missing("weights") }
      return try Model(
        id: Self.require(id, "id"), created: Self.require(created, "created"),
        featuresSHA256: Self.require(featuresSHA256, "features_sha256"), bias: Self.require(bias, "bias"),
        weights: weights, slots: slots, calibration: Self.require(calibration, "calibration"), lineage: lineage)
    }

    private mutating func read(_ key: String, _ scanner: inout JSONScanner) throws(ModelError) {
      switch key {
      case "format": format = try scanner.number()
      case "id": id = try scanner.string()
      case "created": created = try Self.date(scanner.string())
      case "features_sha256": featuresSHA256 = try scanner.string()
      case "bias": bias = try scanner.number()
      case "weights": try readWeights(&scanner)
      case "slots": try readSlots(&scanner)
      case "calibration": calibration = try CalibrationParts(&scanner).calibration()
      case "lineage": lineage = try scanner.text(scanner.skipValue())
      default: try scanner.skipValue()
      }
    }

    private mutating func readWeights(_ scanner: inout JSONScanner) throws(ModelError) {
      guard !hasWeights else { throw ModelError(.malformed, "'weights' appears twice; keep one list") }
      hasWeights = true
      var reader = WeightReader(schema: schema)
      try scanner.array { scanner throws(ModelError) in
        do throws(ModelError) {
          try reader.read(&scanner, into: &weights)
        } catch {
          throw ModelError(error.code, "weight \(weights.count + 1): \(error.description)")
        }
      }
    }

    private mutating func readSlots(_ scanner: inout JSONScanner) throws(ModelError) {
      try scanner.object { scanner, key throws(ModelError) in
        guard let slot = Int(key), slots[slot] == nil else {
          throw ModelError(.invalidSlot, "the slot '\(key)' isn't a whole number or appears twice; correct it")
        }
        slots[slot] = try scanner.number()
      }
    }

    private static func date(_ text: String) throws(ModelError) -> Milliseconds {
      let parsed = (try? ModelFile.dateStyle.parse(text)) ?? (try? Date.ISO8601FormatStyle().parse(text))
      guard let parsed else {
        throw ModelError(.malformed, "'created' must be a UTC time like 2026-01-31T12:00:00Z, but is '\(text)'")
      }
      return Milliseconds((parsed.timeIntervalSince1970 * 1000).rounded())
    }

    private static func require<Value>(_ value: Value?, _ key: String) throws(ModelError) -> Value {
      guard let value else { throw missing(key) }
      return value
    }

    private static func missing(_ key: String) -> ModelError {
      ModelError(.missingKey, "the model file has no '\(key)'; export it again")
    }
  }

  /// Reads weights one by one; remembers the fields of the last one, since neighbours mostly have the same.
  private struct WeightReader {
    private let schema: Schema
    private var contextPairs: [(field: Int, value: String)] = []
    private var adPairs: [(field: Int, value: String)] = []
    private var template = FeatureTemplate(context: [], ad: [])

    init(schema: Schema) {
      self.schema = schema
    }

    mutating func read(_ scanner: inout JSONScanner, into weights: inout ModelWeights) throws(ModelError) {
      contextPairs.removeAll(keepingCapacity: true)
      adPairs.removeAll(keepingCapacity: true)
      var weight: Double?
      try scanner.object { [schema] scanner, key throws(ModelError) in
        switch key {
        case "context":
          try Self.readPairs(&scanner, into: &contextPairs, "context field") { schema.contextIndex($0) }
        case "ad": try Self.readPairs(&scanner, into: &adPairs, "ad attribute") { schema.adIndex($0) }
        case "weight": weight = try scanner.number()
        default: try scanner.skipValue()
        }
      }
      guard let weight else { throw ModelError(.missingKey, "it has no 'weight'; give it one or remove it") }
      try add(weight, to: &weights)
    }

    private mutating func add(_ weight: Double, to weights: inout ModelWeights) throws(ModelError) {
      contextPairs.sort { $0.field < $1.field }
      adPairs.sort { $0.field < $1.field }
      let isSame =
        template.context.elementsEqual(contextPairs.lazy.map(\.field))
        && template.ad.elementsEqual(adPairs.lazy.map(\.field))
      if !isSame { template = FeatureTemplate(context: contextPairs.map(\.field), ad: adPairs.map(\.field)) }
      try weights.add(template, values: contextPairs.map(\.value) + adPairs.map(\.value), weight: weight)
    }

    private static func readPairs(
      _ scanner: inout JSONScanner, into pairs: inout [(field: Int, value: String)], _ kind: String,
      _ index: (String) -> Int?
    ) throws(ModelError) {
      try scanner.object { scanner, key throws(ModelError) in
        guard let field = index(key) else {
          throw ModelError(
            .unknownField,
            "'\(key)' is no \(kind) of the features file; import the model with the file it was trained with")
        }
        guard !pairs.contains(where: { $0.field == field }) else {
          throw ModelError(.malformed, "it names '\(key)' twice; keep one value")
        }
        pairs.append((field, try scanner.string()))
      }
    }
  }

  /// What has been read of a calibration.
  private struct CalibrationParts {
    private var kind: String?
    private var slope: Double?
    private var intercept: Double?
    private var points: [Calibration.Point]?

    init(_ scanner: inout JSONScanner) throws(ModelError) {
      try scanner.object { scanner, key throws(ModelError) in
        switch key {
        case "kind": kind = try scanner.string()
        case "slope": slope = try scanner.number()
        case "intercept": intercept = try scanner.number()
        case "points": points = try Self.points(&scanner)
        default: try scanner.skipValue()
        }
      }
    }

    func calibration() throws(ModelError) -> Calibration {
      switch (kind, slope, intercept, points) {
      case ("identity", _, _, _): return .identity
      case ("platt", let slope?, let intercept?, _): return .platt(slope: slope, intercept: intercept)
      case ("isotonic", _, _, let points?): return .isotonic(points)
      default:
        throw ModelError(
          .invalidCalibration,
          "the calibration must be of kind identity, platt (with slope and intercept) or isotonic (with points)")
      }
    }

    private static func points(_ scanner: inout JSONScanner) throws(ModelError) -> [Calibration.Point] {
      var points: [Calibration.Point] = []
      try scanner.array { scanner throws(ModelError) in
        var pair: [Double] = []
        try scanner.array { scanner throws(ModelError) in pair.append(try scanner.number()) }
        guard pair.count == 2 else {
          throw ModelError(.invalidCalibration, "a point of the calibration must be a pair [x, y]; correct it")
        }
        points.append(Calibration.Point(x: pair[0], y: pair[1]))
      }
      return points
    }
  }
}
