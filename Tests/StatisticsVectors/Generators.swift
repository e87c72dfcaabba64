import Foundation

/// The array generators of the vector format: `{"$gen": kind, …}` stands for an array.
///
/// Only exact double operations in the order written, so that the numbers are the same in every language.
enum Generators {
  /// The array a generator stands for; any other value as it is.
  static func expand(_ value: JSONValue) throws -> JSONValue {
    guard case .object(let fields) = value, case .string(let kind)? = fields["$gen"] else { return value }
    return .array(try array(kind, Inputs(fields: fields)))
  }

  private static func array(_ kind: String, _ g: Inputs) throws -> [JSONValue] {
    switch kind {
    case "int": try integers(g)
    case "mod": try modular(g)
    case "bernoulli": try bernoulli(g)
    case "concat": try parts(g).flatMap { $0 }
    case "repeat": try repeated(g)
    case "examples": try examples(g)
    case "add": try combined(g, +)
    case "times": try combined(g, *)
    default: try reals(kind, g).map(JSONValue.number)
    }
  }

  private static func reals(_ kind: String, _ g: Inputs) throws -> [Double] {
    switch kind {
    case "uniform":
      let (lo, hi) = (try g.number("lo"), try g.number("hi"))
      return try draws(g) { lo + (hi - lo) * $0.uniform() }
    case "normalish":
      let (mean, sd) = (try g.number("mean"), try g.number("sd"))
      return try draws(g) { mean + sd * $0.normalish() }
    case "pareto2":
      let scale = try g.number("scale")
      return try draws(g) { scale / (1 - $0.uniform()).squareRoot() }
    case "ar1":
      let (phi, sd) = (try g.number("phi"), try g.number("sd"))
      var x = 0.0
      return try draws(g) { source in
        x = phi * x + sd * source.normalish()
        return x
      }
    case "arange":
      let (start, step) = (try g.number("start"), try g.number("step"))
      return (0..<(try g.integer("n"))).map { start + step * Double($0) }
    default:
      return try transformed(kind, g)
    }
  }

  private static func transformed(_ kind: String, _ g: Inputs) throws -> [Double] {
    switch kind {
    case "quantize":
      let levels = try g.number("levels")
      return try g.numbers("of").map { ($0 * levels).rounded(.down) / levels }
    case "power":
      let k = try g.integer("k")
      return try g.numbers("of").map { x in (1..<max(1, k)).reduce(x) { product, _ in product * x } }
    case "affine":
      let (mul, add) = (try g.number("mul"), try g.number("add"))
      return try g.numbers("of").map { $0 * mul + add }
    case "clip":
      let (lo, hi) = (try g.number("lo"), try g.number("hi"))
      return try g.numbers("of").map { min(max($0, lo), hi) }
    default:
      throw InputError.malformed("unknown generator \(kind)")
    }
  }

  private static func integers(_ g: Inputs) throws -> [JSONValue] {
    let (lo, hi) = (try g.number("lo"), try g.number("hi"))
    return try draws(g) { .integer(Int(lo + ((hi - lo + 1) * $0.uniform()).rounded(.down))) }
  }

  private static func modular(_ g: Inputs) throws -> [JSONValue] {
    let (m, mul, add) = (try g.integer("m"), try g.integer("mul"), try g.integer("add"))
    return (0..<(try g.integer("n"))).map { i in .integer(((i * mul + add) % m + m) % m) }
  }

  private static func bernoulli(_ g: Inputs) throws -> [JSONValue] {
    var source = Source(seed: try g.integer("seed"))
    return try g.numbers("p").map { .integer(source.uniform() < $0 ? 1 : 0) }
  }

  private static func repeated(_ g: Inputs) throws -> [JSONValue] {
    let values = try g.array("values")
    return Array(repeatElement(values, count: try g.integer("times")).joined())
  }

  private static func parts(_ g: Inputs) throws -> [[JSONValue]] {
    try g.array("parts").map { part in
      guard case .array(let values) = try expand(part) else { throw InputError.malformed("a part is not an array") }
      return values
    }
  }

  private static func combined(_ g: Inputs, _ operation: (Double, Double) -> Double) throws -> [JSONValue] {
    let parts = try parts(g).map { $0.map { $0.number ?? .nan } }
    guard var result = parts.first else { return [] }
    for part in parts.dropFirst() { result = zip(result, part).map(operation) }
    return result.map(JSONValue.number)
  }

  private static func examples(_ g: Inputs) throws -> [JSONValue] {
    let (dimension, fieldCount) = (try g.integer("dim"), try g.integer("fields"))
    let width = dimension / fieldCount
    return try draws(g) { source in
      let indices = (0..<fieldCount).map { $0 * width + Int((Double(width) * source.uniform()).rounded(.down)) }
      let s = indices.reduce(0.0) { $0 + Double($1 * 7919 % 101) / 101.0 }
      let share = s / Double(fieldCount)
      let p = 0.02 + 0.5 * share * share
      return .object([
        "idx": indices.json, "val": [Double](repeating: 1, count: fieldCount).json,
        "y": .integer(source.uniform() < p ? 1 : 0),
      ])
    }
  }

  private static func draws<Value>(_ g: Inputs, _ draw: (inout Source) -> Value) throws -> [Value] {
    var source = Source(seed: try g.integer("seed"))
    return (0..<(try g.integer("n"))).map { _ in draw(&source) }
  }

  /// Knuth's 64-bit linear congruential generator.
  private struct Source {
    private var state: UInt64

    init(seed: Int) {
      state = UInt64(bitPattern: Int64(seed))
    }

    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }

    mutating func normalish() -> Double {
      (0..<12).reduce(0.0) { sum, _ in sum + uniform() } - 6
    }
  }
}
