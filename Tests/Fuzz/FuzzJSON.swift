// libFuzzer: bodies that claim to be JSON. Each ends as a value or as a problem, and nothing may trap. Built by
// scripts/fuzz together with Sources/AdServer/JSONBody.swift.

import Catalog
import HTTPServer

/// Asks every value inside for everything it could be taken for.
private func visit(_ value: JSONValue) {
  _ = try? JSONBody.string(value, "a")
  _ = try? JSONBody.strings(value, "a")
  _ = try? JSONBody.boolean(value, "a")
  _ = try? JSONBody.integer(value, "a")
  _ = try? JSONBody.number(value, "a")
  _ = try? JSONBody.scalar(value, "a")
  switch value {
  case .object(let members): for member in members { visit(member.value) }
  case .array(let elements): elements.forEach(visit)
  default: break
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let body = Array(UnsafeBufferPointer(start: bytes, count: count))
  if let value = try? JSONBody.value(body) { visit(value) }
  if let value = try? JSONBody.value(body, allowsRepeatedNames: true) { visit(value) }
  _ = try? JSONBody.object(body)
  return 0
}
