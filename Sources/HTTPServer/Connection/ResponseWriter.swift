import HTTPTypes

/// Puts an answer into bytes. Status lines are prepared once, the date once a second.
enum ResponseWriter {
  static let continueBytes = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
  private static let firstCode = 200
  private static let statusLines = (firstCode..<600).map { code in
    Array("HTTP/1.1 \(code) \(HTTPResponse.Status.standard(code).reasonPhrase)\r\n".utf8)
  }
  private static let close = Array("Connection: close\r\n".utf8)
  private static let keepAlive = Array("Connection: keep-alive\r\n".utf8)
  private static let contentLength = Array("Content-Length: ".utf8)

  static func write(_ response: Response, for exchange: Exchange, date: DateLine, to output: inout [UInt8]) {
    let code = response.status.code
    let line = code - firstCode
    output.append(contentsOf: statusLines[statusLines.indices.contains(line) ? line : 500 - firstCode])
    output.append(contentsOf: date.bytes)
    for field in response.fields where !isOurs(field.name) {
      output.append(contentsOf: field.name.rawName.utf8)
      output.append(UInt8(ascii: ":"))
      output.append(UInt8(ascii: " "))
      output.append(contentsOf: field.value.utf8)
      endLine(&output)
    }
    let hasBody = code != 204 && code != 304
    if hasBody {
      output.append(contentsOf: contentLength)
      append(response.body.count, to: &output)
      endLine(&output)
    }
    if !exchange.keepsAlive {
      output.append(contentsOf: close)
    } else if exchange.isVersion10 {
      output.append(contentsOf: keepAlive)
    }
    endLine(&output)
    if hasBody, !exchange.isHead { output.append(contentsOf: response.body) }
  }

  /// Whether the server writes the field itself.
  private static func isOurs(_ name: HTTPField.Name) -> Bool {
    switch name.canonicalName {
    case "date", "connection", "content-length", "transfer-encoding": true
    default: false
    }
  }

  private static func endLine(_ output: inout [UInt8]) {
    output.append(0x0D)
    output.append(0x0A)
  }

  private static func append(_ number: Int, to output: inout [UInt8]) {
    var divisor = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      output.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
      divisor /= 10
    }
  }
}
