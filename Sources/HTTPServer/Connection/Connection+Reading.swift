import DequeModule
import HTTPTypes

/// Bytes become requests.
extension Connection {
  /// Reads, and does all that follows.
  func receive() {
    read()
    if !isClosed { advance() }
  }

  /// Reads once, or for TLS until nothing is left in the session.
  func read() {
    repeat {
      switch transport.read(descriptor, into: loop.scratch) {
      case .bytes(let count):
        if !discardsInput { take(UnsafeRawBufferPointer(rebasing: loop.scratch[..<count])) }
      case .end:
        inputEnded = true
        if discardsInput { return close() }
      case .wouldBlock: break
      case .failed: return close()
      }
    } while !isClosed && transport.hasBuffered && wantsInput
  }

  private func take(_ bytes: UnsafeRawBufferPointer) {
    turn = context.configuration.limits.pipelinedRequestsMax
    if pending.isEmpty {
      let used = consume(bytes)
      if used < bytes.count { pending = Array(bytes[used...]) }
    } else {
      pending.append(contentsOf: bytes)
      takePending()
    }
  }

  func takePending() {
    let bytes = exchange(&pending, with: [])
    let used = bytes.withUnsafeBytes { consume($0) }
    if isClosed || isLast { return }
    pending = used == 0 ? bytes : Array(bytes[used...])
  }

  /// Begins and completes requests as far as the bytes go and returns how many were used.
  private func consume(_ bytes: UnsafeRawBufferPointer) -> Int {
    var used = 0
    do throws(ParseFailure) {
      while used < bytes.count, upload != nil || mayBegin {
        if let upload {
          used += try continueUpload(upload, bytes[used...])
        } else {
          let rest = UnsafeRawBufferPointer(rebasing: bytes[used...])
          guard let count = try parser.parse(rest) else { return used }
          used += count
          try begin(parser.head)
          parser = RequestParser(limits: context.parserLimits)
        }
      }
    } catch {
      context.metrics.count(error.refusal)
      refuse(error)
    }
    return isLast ? bytes.count : used
  }

  private func continueUpload(
    _ upload: Upload, _ bytes: Slice<UnsafeRawBufferPointer>
  ) throws(ParseFailure) -> Int {
    let before = upload.body.bytes.count
    let used = try upload.body.decode(bytes)
    let grown = upload.body.bytes.count - before
    upload.exchange.bodyBytes += grown
    if grown > 0, !context.bodyBudget.change(by: grown) {
      context.metrics.count(.bodyMemory)
      throw ParseFailure(503, "Too many uploads at once. Try again later.")
    }
    if upload.body.isComplete {
      self.upload = nil
      upload.exchange.request?.body = upload.body.bytes
      complete(upload.exchange, refusal: upload.refusal)
    }
    return used
  }

  /// Answers what can't be understood, as the last answer of this connection.
  func refuse(_ failure: ParseFailure) {
    var exchange =
      upload?.exchange ?? Exchange(isHead: parser.head.method == .head, startNanoseconds: Clock.nanoseconds())
    exchange.keepsAlive = false
    upload = nil
    pending = []
    isLast = true
    var problem = Problem(failure)
    if failure.status == 503 { problem.fields[.retryAfter] = "\(context.configuration.limits.retryAfterSeconds)" }
    place(exchange, problem.response)
  }

  /// The client has ended its side: what is incomplete never will be.
  func endInput() {
    guard upload != nil || parser.isUnderway else { return close() }
    context.metrics.count(.malformed)
    refuse(ParseFailure(400, "The connection ended in the middle of a request."))
    advance()
  }
}

extension ParseFailure {
  var refusal: ServerMetrics.Refusal {
    switch status {
    case 413: .bodyTooLarge
    case 414, 431: .headerTooLarge
    default: .malformed
    }
  }
}
