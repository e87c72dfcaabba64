import Foundation

/// A call of the system that failed, with its reason.
struct SystemError: Error, CustomStringConvertible {
  var call: String
  var code: Int32

  var description: String { "\(call): \(String(cString: strerror(code)))" }
}

/// Returns what the call returned; retries when a signal came between, throws `SystemError` when it is negative.
@discardableResult
func systemCall(_ name: String, _ call: () -> Int32) throws -> Int32 {
  while true {
    let result = call()
    if result >= 0 { return result }
    if errno != EINTR { throw SystemError(call: name, code: errno) }
  }
}
