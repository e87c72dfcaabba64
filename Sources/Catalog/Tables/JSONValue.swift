/// A JSON value (RFC 8259) whose numbers are kept as they were written.
///
/// Foundation's decoder turns numbers into Double or Decimal, and an id such as 12345678901234567890 or a price such as
/// 12.50 comes out as another text; here it doesn't.
public enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  /// The number's text.
  case number(String)
  case string(String)
  case array([JSONValue])
  /// Members in the order of the text, names distinct unless repeated ones were allowed.
  case object([Member])

  /// A name and its value.
  public struct Member: Sendable, Equatable {
    public let name: String
    public let value: JSONValue

    public init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// Named bounds of a text.
  public enum Limits {
    /// Arrays and objects within each other.
    public static let depthMax = 32
    /// Values in all, so that no text costs many times its own size.
    public static let valueCountMax = 200_000
  }

  /// Reads a text that holds one value, in O(bytes).
  ///
  /// - parameter allowsRepeatedNames: whether an object may name a member twice; the caller has to look.
  /// - throws: ``LineError`` with the offending byte's position when the text isn't JSON, names a member twice or
  ///   passes a limit.
  public init(parsing text: ArraySlice<UInt8>, allowsRepeatedNames: Bool = false) throws(LineError) {
    self = try text.withUnsafeBufferPointer { (buffer) throws(LineError) in
      var parser = JSONParser(buffer, allowsRepeatedNames: allowsRepeatedNames)
      return try parser.document()
    }
  }

  /// The text of a string, a number or a truth value; `nil` for anything else.
  public var scalarText: String? {
    switch self {
    case .string(let text), .number(let text): text
    case .bool(let truth): truth ? "true" : "false"
    case .null, .array, .object: nil
    }
  }

  /// What the value is, for messages.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .number: "a number"
    case .string: "a text"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
