import Monitoring
import Testing

@Suite("Choosing the exposition format")
struct ExpositionNegotiationTests {
  static let cases: [(accept: String?, format: Exposition.Format)] = [
    (nil, .text),
    ("", .text),
    ("*/*", .text),
    ("text/html,application/xhtml+xml,*/*;q=0.8", .text),
    ("application/openmetrics-text", .openMetrics),
    ("application/openmetrics-text; version=1.0.0; charset=utf-8", .openMetrics),
    ("Application/OpenMetrics-Text;VERSION=\"1.0.0\"", .openMetrics),
    // Prometheus 2.42 and 3
    (
      "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .openMetrics
    ),
    (
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
        + "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
        + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1", .openMetrics
    ),
    ("application/openmetrics-text;q=0.3, text/plain;q=0.7", .text),
    ("application/openmetrics-text;q=0.7 , text/plain ; q=0.3", .openMetrics),
    ("application/openmetrics-text, text/plain", .text),
    ("application/openmetrics-text;q=0, */*", .text),
    ("text/plain;q=0, */*", .openMetrics),
    ("text/*;q=0.2, application/*;q=0.3", .openMetrics),
    ("*/*;q=0.9, application/openmetrics-text;q=0.1", .text),
    ("application/openmetrics-text;version=0.0.1", .text),
    ("application/openmetrics-text;version=2.0.0, text/plain;q=0.1", .text),
    ("application/openmetrics-text;q=nan", .text),
    ("application/openmetrics-text;q=7", .text),
    (";;;,/,=,a/b/c;q", .text),
  ]

  @Test("the format is the one of the highest quality, text 0.0.4 when in doubt", arguments: cases)
  func negotiated(accept: String?, format: Exposition.Format) {
    #expect(Exposition.negotiate(accept: accept) == format)
  }
}
