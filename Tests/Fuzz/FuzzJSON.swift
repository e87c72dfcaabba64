// libFuzzer: bytes that claim to be JSON. Each ends as a value within the limits or as an error, and nothing may trap. Built
// by scripts/fuzz together with the parser in Sources/Catalog/Tables.

/// Counts the values inside and checks their depth.
private func count(_ value: JSONValue, depth: Int = 0) -> Int {
  precondition(depth <= JSONValue.Limits.depthMax + 1)
  switch value {
  case .array(let elements): return elements.reduce(1) { $0 + count($1, depth: depth + 1) }
  case .object(let members): return members.reduce(1) { $0 + count($1.value, depth: depth + 1) }
  case .number(let text):
    precondition(Double(text) != nil, "no number: \(text)")
    return 1
  case .null, .bool, .string: return 1
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ byteCount: Int) -> CInt {
  let body = Array(UnsafeBufferPointer(start: bytes, count: byteCount))
  let strict = try? JSONValue(parsing: body[...])
  let lax = try? JSONValue(parsing: body[...], allowsRepeatedNames: true)
  precondition(strict == nil || strict == lax)
  if let lax { precondition(count(lax) <= JSONValue.Limits.valueCountMax) }
  return 0
}
