// libFuzzer: bodies that claim to be JSON. Each ends as a value or as a problem, and nothing may trap. Built by
// scripts/fuzz together with Sources/AdServer/JSONBody.swift.

import Foundation
import HTTPServer

/// Asks every value inside for everything it could be taken for.
private func visit(_ value: Any) {
  _ = try? JSONBody.string(value, "a")
  _ = try? JSONBody.strings(value, "a")
  _ = try? JSONBody.boolean(value, "a")
  _ = try? JSONBody.integer(value, "a")
  _ = try? JSONBody.number(value, "a")
  _ = try? JSONBody.scalar(value, "a")
  if let members = value as? [String: Any] { members.values.forEach(visit) }
  if let elements = value as? [Any] { elements.forEach(visit) }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let body = Array(UnsafeBufferPointer(start: bytes, count: count))
  if let value = try? JSONBody.value(body) { visit(value) }
  _ = try? JSONBody.object(body)
  return 0
}
