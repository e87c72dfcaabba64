/// Why an entry's inputs can't be handed to a function.
enum InputError: Error, CustomStringConvertible {
  /// The reference calls the result undefined, and the typed function can't even be asked, e.g. for a label of 2.
  case undefined
  /// The entry doesn't follow the format.
  case malformed(String)

  var description: String {
    switch self {
    case .undefined: "undefined"
    case .malformed(let reason): reason
    }
  }
}

/// The inputs of one entry, generators expanded when asked for.
struct Inputs {
  let fields: [String: JSONValue]

  func has(_ name: String) -> Bool {
    fields[name].map { $0 != .null } ?? false
  }

  func value(_ name: String) throws -> JSONValue {
    guard let value = fields[name] else { throw InputError.malformed("input \(name) is missing") }
    return value
  }

  func number(_ name: String) throws -> Double {
    guard let number = try value(name).number else { throw InputError.undefined }
    return number
  }

  func number(_ name: String, default fallback: Double) throws -> Double {
    has(name) ? try number(name) : fallback
  }

  func optionalNumber(_ name: String) throws -> Double? {
    has(name) ? try number(name) : nil
  }

  func integer(_ name: String) throws -> Int {
    guard let integer = Int(exactly: try number(name)) else { throw InputError.undefined }
    return integer
  }

  func string(_ name: String) throws -> String {
    guard case .string(let string) = try value(name) else { throw InputError.undefined }
    return string
  }

  func choice<Choice: RawRepresentable<String>>(_ name: String) throws -> Choice {
    guard let choice = Choice(rawValue: try string(name)) else { throw InputError.undefined }
    return choice
  }

  func array(_ name: String) throws -> [JSONValue] {
    guard case .array(let values) = try Generators.expand(try value(name)) else {
      throw InputError.malformed("input \(name) is not an array")
    }
    return values
  }

  /// Numbers; a null among them is NaN.
  func numbers(_ name: String) throws -> [Double] {
    try array(name).map { $0.number ?? .nan }
  }

  func optionalNumbers(_ name: String) throws -> [Double]? {
    has(name) ? try numbers(name) : nil
  }

  func integers(_ name: String) throws -> [Int] {
    try numbers(name).map { number in
      guard let integer = Int(exactly: number) else { throw InputError.undefined }
      return integer
    }
  }

  func labels(_ name: String) throws -> [Bool] {
    try numbers(name).map(Self.label)
  }

  func label(_ name: String) throws -> Bool {
    try Self.label(try number(name))
  }

  func objects(_ name: String) throws -> [Inputs] {
    try array(name).map { value in
      guard case .object(let fields) = value else { throw InputError.malformed("\(name) holds something else") }
      return Inputs(fields: fields)
    }
  }

  private static func label(_ value: Double) throws -> Bool {
    guard value == 0 || value == 1 else { throw InputError.undefined }
    return value == 1
  }
}
