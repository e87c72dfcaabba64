import Dispatch
import HTTPTypes

/// gzip, where the client takes it and it is worth it.
extension Connection {
  /// Whether an answer is large enough to be compressed off the loop.
  func compressesElsewhere(_ response: Response, _ exchange: Exchange) -> Bool {
    response.body.count > context.configuration.compression.inlineBytesMax && compresses(response, exchange)
  }

  func compress(_ sequence: Int, _ response: Response, _ exchange: Exchange) {
    let level = context.configuration.compression.gzipLevel
    context.workers.async { [self] in
      let compressed = Gzip.compressed(response, level: level)
      loop.execute { self.fill(sequence, ready: compressed) }
    }
  }

  /// The answer as it goes out.
  func compressed(_ response: Response, _ exchange: Exchange) -> Response {
    let configuration = context.configuration.compression
    guard response.body.count >= configuration.gzipBytesMin, configuration.gzipLevel > 0 else { return response }
    guard Gzip.isWorthIt(response) else { return response }
    guard compresses(response, exchange) else {
      var response = response
      response.fields.append(Gzip.varies)
      return response
    }
    return Gzip.compressed(response, level: configuration.gzipLevel)
  }

  private func compresses(_ response: Response, _ exchange: Exchange) -> Bool {
    let configuration = context.configuration.compression
    guard response.body.count >= configuration.gzipBytesMin, configuration.gzipLevel > 0, Gzip.isWorthIt(response),
      let accepted = exchange.request?.field(.acceptEncoding)
    else { return false }
    return AcceptEncoding(accepted).prefersGzip
  }
}

extension Request {
  private var contentCoding: String? { field(.contentEncoding)?.lowercased() }

  var isCompressed: Bool { contentCoding == "gzip" || contentCoding == "x-gzip" }

  var hasPlainBody: Bool { contentCoding == nil || contentCoding == "identity" }
}
