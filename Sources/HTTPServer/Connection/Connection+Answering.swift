import DequeModule
import HTTPTypes
import Synchronization

/// Answers go out in the order of their requests.
extension Connection {
  /// Keeps the place of a request whose answer comes later and returns its number.
  func enqueue(_ exchange: Exchange) -> Int {
    exchanges.append(exchange)
    return firstSequence + exchanges.count - 1
  }

  /// Answers a request that isn't enqueued.
  func place(_ exchange: Exchange, _ response: Response) {
    let response = finished(response, exchange)
    if compressesElsewhere(response, exchange) {
      compress(enqueue(exchange), response, exchange)
    } else if exchanges.isEmpty {
      write(compressed(response, exchange), exchange)
    } else {
      var exchange = exchange
      exchange.response = compressed(response, exchange)
      exchanges.append(exchange)
    }
  }

  /// Answers a request that is enqueued, unless it was given up.
  func fill(_ sequence: Int, _ response: Response) {
    let index = sequence - firstSequence
    guard !isClosed, exchanges.indices.contains(index), exchanges[index].response == nil else { return }
    let exchange = exchanges[index]
    let response = finished(response, exchange)
    if compressesElsewhere(response, exchange) { return compress(sequence, response, exchange) }
    fill(sequence, ready: compressed(response, exchange))
  }

  func fill(_ sequence: Int, ready response: Response) {
    let index = sequence - firstSequence
    guard !isClosed, exchanges.indices.contains(index) else { return }
    exchanges[index].response = response
    while let first = exchanges.first, let response = first.response {
      exchanges.removeFirst()
      firstSequence += 1
      write(response, first)
    }
    sendContinue()
    scheduleAdvance()
  }

  /// The handler of the oldest request took too long: it gets 503, and what waits behind it is dropped.
  func giveUp() {
    while exchanges.count > 1 { forget(exchanges.removeLast()) }
    exchanges[0].keepsAlive = false
    isLast = true
    fill(firstSequence, ready: context.overloadResponse)
  }

  private func finished(_ response: Response, _ exchange: Exchange) -> Response {
    var response = response
    if let request = exchange.request, let route = exchange.endpoint?.route {
      for middleware in context.router.middleware.reversed() { middleware.finish(request, route, &response) }
    }
    if sharesAnswer(exchange), !response.fields.contains(.accessControlAllowOrigin) {
      context.cors.decorate(&response.fields, for: exchange.request)
    }
    return response
  }

  /// Whether pages of other origins may read the answer; also what is wrong with bytes that were no request.
  private func sharesAnswer(_ exchange: Exchange) -> Bool {
    guard exchange.request != nil else { return true }
    return exchange.endpoint?.route.cors ?? (exchange.resource?.corsMethods != nil)
  }

  private func write(_ response: Response, _ exchange: Exchange) {
    var exchange = exchange
    if exchange.keepsAlive, exchanges.isEmpty, upload == nil, context.isDraining.load(ordering: .relaxed) {
      exchange.keepsAlive = false
      isLast = true
    }
    if output.isEmpty { output = loop.takeOutput() }
    ResponseWriter.write(response, for: exchange, date: loop.date, to: &output)
    forget(exchange)
    context.record(exchange, response, on: loop)
  }

  func forget(_ exchange: Exchange) {
    releaseBody(exchange)
    if exchange.isDeferred { context.deferredRequests.subtract(1, ordering: .relaxed) }
  }

  func releaseBody(_ exchange: Exchange) {
    if exchange.bodyBytes > 0 { _ = context.bodyBudget.change(by: -exchange.bodyBytes) }
  }

  /// Writes what is ready, all of it in one call when the socket takes it.
  func flush() {
    if output.isEmpty || isClosed { return }
    var result = TransportResult.wouldBlock
    repeat {
      result = output.withUnsafeBytes {
        transport.write(descriptor, UnsafeRawBufferPointer(rebasing: $0[outputStart...]))
      }
      if case .bytes(let count) = result { outputStart += count }
    } while outputStart < output.count && result.madeProgress
    if outputStart == output.count {
      returnOutput()
    } else if case .wouldBlock = result {
      isWriteBlocked = true
    } else {
      return close()
    }
    countBacklog()
  }

  private func returnOutput() {
    isWriteBlocked = false
    outputStart = 0
    var buffer = exchange(&output, with: [])
    guard buffer.capacity <= EventLoop.scratchBytes else { return }
    buffer.removeAll(keepingCapacity: true)
    loop.giveOutput(buffer)
  }

  private func countBacklog() {
    let now = output.count - outputStart
    guard now != backlogBytes else { return }
    let fits = context.backlogBudget.change(by: now - backlogBytes)
    let grew = now > backlogBytes
    backlogBytes = now
    if grew, !fits {
      context.metrics.count(.writeBacklog)
      close()
    }
  }
}

extension TransportResult {
  var madeProgress: Bool {
    if case .bytes = self { true } else { false }
  }
}
