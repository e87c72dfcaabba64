import DequeModule
import Dispatch
import HTTPTypes
import Logging
import Synchronization

/// Requests become answers.
extension Connection {
  func begin(_ head: RequestHead) throws(ParseFailure) {
    requestCount += 1
    turn -= 1
    let address = context.clients.client(of: peer, head)
    var exchange = Exchange(
      request: try Request(head, peerAddress: address, isSecure: transport.isSecure),
      isVersion10: head.isVersion10, isHead: head.method == .head, keepsAlive: keepsAlive(head),
      startNanoseconds: Clock.nanoseconds())
    let refusal = admit(&exchange)
    if head.framing == .none || head.framing == .length(0) {
      complete(exchange, refusal: refusal)
    } else if let refusal, head.expectsContinue {
      exchange.keepsAlive = false
      complete(exchange, refusal: refusal)
    } else {
      let body = BodyDecoder(head.framing, keeps: refusal == nil, limits: context.parserLimits)
      upload = Upload(exchange, body: body, refusal: refusal)
      upload?.owesContinue = head.expectsContinue
      sendContinue()
    }
  }

  /// Asks for the body, once all answers before it are on their way.
  func sendContinue() {
    guard let upload, upload.owesContinue, exchanges.isEmpty else { return }
    upload.owesContinue = false
    output.append(contentsOf: ResponseWriter.continueBytes)
  }

  private func keepsAlive(_ head: RequestHead) -> Bool {
    guard requestCount < context.configuration.limits.requestsPerConnectionMax else {
      context.metrics.count(.requestsPerConnection)
      return false
    }
    return head.keepsAlive && !context.isDraining.load(ordering: .relaxed)
  }

  /// Has a complete request answered.
  func complete(_ exchange: Exchange, refusal: Response?) {
    isLast = !exchange.keepsAlive
    guard refusal == nil, let endpoint = exchange.endpoint, let request = exchange.request else {
      return place(exchange, refusal ?? Problem.nothingHere.response)
    }
    if request.isCompressed {
      inflate(enqueue(exchange), request)
    } else if case .immediate(let handler) = endpoint.route.handler, !request.isLarge {
      place(exchange, answer(request, handler))
    } else {
      handle(enqueue(exchange), request, endpoint)
    }
  }

  /// Calls the handler of a request that is enqueued: here, or elsewhere when reading its body may take long.
  private func handle(_ sequence: Int, _ request: Request, _ endpoint: Endpoint) {
    let respond: @Sendable (Response) -> Void = { response in
      self.loop.execute { self.fill(sequence, response) }
    }
    let work: @Sendable () -> Void
    switch endpoint.route.handler {
    case .immediate(let handler): work = { respond(self.answer(request, handler)) }
    case .deferred(let handler):
      context.deferredRequests.add(1, ordering: .relaxed)
      exchanges[sequence - firstSequence].isDeferred = true
      work = { handler(request, Responder(respond)) }
    }
    if request.isLarge { context.workers.async(execute: work) } else { work() }
  }

  private func answer(_ request: Request, _ handler: (Request) throws -> Response) -> Response {
    do {
      return try handler(request)
    } catch let problem as Problem {
      return problem.response
    } catch {
      context.logger.error("a handler failed", metadata: ["error": "\(type(of: error))"])
      return Problem(.internalServerError, detail: "The server failed. Try again later.").response
    }
  }

  /// Inflates the body elsewhere, then goes on here.
  private func inflate(_ sequence: Int, _ request: Request) {
    let limit = context.configuration.limits.inflatedBytesMax
    context.workers.async { [self] in
      let result = Result { () throws(Problem) in try Gzip.inflate(request.body, bytesMax: limit) }
      loop.execute { self.inflated(sequence, request, result) }
    }
  }

  private func inflated(_ sequence: Int, _ request: Request, _ result: Result<[UInt8], Problem>) {
    let index = sequence - firstSequence
    guard !isClosed, exchanges.indices.contains(index), let endpoint = exchanges[index].endpoint else { return }
    var request = request
    switch result {
    case .failure(let problem): return fill(sequence, problem.response)
    case .success(let body): request.body = body
    }
    exchanges[index].bodyBytes += request.body.count
    guard context.bodyBudget.change(by: request.body.count) else {
      context.metrics.count(.bodyMemory)
      return fill(sequence, context.overloadResponse)
    }
    handle(sequence, request, endpoint)
  }
}

extension Request {
  /// Whether reading the body may hold up the other connections of a loop.
  fileprivate var isLarge: Bool { body.count > EventLoop.scratchBytes }
}
