/// What a function's result becomes in JSON: `nil` is null, an infinity is a string.
protocol ResultValue {
  var json: JSONValue { get }
}

extension Double: ResultValue {
  var json: JSONValue {
    isInfinite ? .string(self < 0 ? "-Infinity" : "Infinity") : .number(self)
  }
}

extension Int: ResultValue {
  var json: JSONValue { .integer(self) }
}

extension Bool: ResultValue {
  var json: JSONValue { .bool(self) }
}

extension String: ResultValue {
  var json: JSONValue { .string(self) }
}

extension JSONValue: ResultValue {
  var json: JSONValue { self }
}

extension Optional: ResultValue where Wrapped: ResultValue {
  var json: JSONValue { self?.json ?? .null }
}

extension Array: ResultValue where Element: ResultValue {
  var json: JSONValue { .array(map(\.json)) }
}

extension Dictionary: ResultValue where Key == String, Value == any ResultValue {
  var json: JSONValue { .object(mapValues(\.json)) }
}
