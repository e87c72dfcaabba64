/// One request on its way to its answer.
struct Exchange {
  /// Nil when the bytes were no request.
  var request: Request?
  var endpoint: Endpoint?
  var resource: Resource?
  var isVersion10 = false
  var isHead = false
  /// Whether the connection goes on behind the answer.
  var keepsAlive = false
  var startNanoseconds: UInt64
  /// What its body holds of the budget for all bodies.
  var bodyBytes = 0
  var isDeferred = false
  /// The answer, ready to be sent; nil while it is awaited.
  var response: Response?
}

/// A body that is being read.
final class Upload {
  var exchange: Exchange
  var body: BodyDecoder
  /// The answer, when it is known already and the body is only read past.
  let refusal: Response?
  var owesContinue = false

  init(_ exchange: Exchange, body: BodyDecoder, refusal: Response?) {
    self.exchange = exchange
    self.body = body
    self.refusal = refusal
  }
}
