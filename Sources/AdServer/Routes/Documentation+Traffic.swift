import HTTPServer

/// What the OpenAPI document says of the calls that websites make.
extension Documentation {
  static func rank(slotsMax: Int) -> Documentation {
    Documentation(
      summary: "The best ads for a page view; every parameter that isn't reserved is a context field",
      parameters: [
        Parameter("user", description: "Who looks at the page", schema: text),
        Parameter("slots", description: "Ads wanted", schema: slots(max: slotsMax)),
        Parameter("exclude", description: "Ids of ads that must not be shown, separated by commas", schema: text),
        Parameter(
          "explain",
          description: "true explains each score; ids of ads, separated by commas, say why those are not served",
          schema: text),
        Parameter("dry_run", description: "Only try: events of this decision never count", schema: ["type": "boolean"]),
        Parameter(
          "AdLoop-Experiments", in: .header,
          description: "Arms to force, as experiment=arm, separated by commas: marked, and not counted", schema: text),
      ],
      answers: [Answer(200, "A decision", content: ["application/json": decision])])
  }

  static func rankWithBody(slotsMax: Int) -> Documentation {
    Documentation(
      summary: "The best ads for a page view",
      body: ["application/json": rankRequest(slotsMax: slotsMax)],
      answers: [Answer(200, "A decision", content: ["application/json": decision])])
  }

  private static func slots(max: Int) -> JSON { ["type": "integer", "minimum": 1, "maximum": .integer(max)] }

  static let log = Documentation(
    summary: "Store what happened: one event, an array, or an object a line; answers after all are durable",
    body: ["application/json": ["oneOf": [event, ["type": "array", "items": event]]]],
    answers: [
      Answer(200, "At least one event is stored, or was before", content: ["application/json": receipt])
    ])

  static let click = Documentation(
    summary: "Log the click and lead to the ad's landing page",
    parameters: [token],
    answers: [
      Answer(302, "On to the landing page, as the catalog has it"), Answer(204, "Logged; the ad has no landing page"),
    ])

  static let pixel = Documentation(
    summary: "Log the impression",
    parameters: [token],
    answers: [Answer(200, "One transparent pixel", content: ["image/gif": ["type": "string"]])])

  static let tag = Documentation(
    summary: "The script for a page: fills its data-adloop elements, and logs impressions and clicks",
    answers: [Answer(200, "JavaScript", content: ["text/javascript": ["type": "string"]])])

  static let health = Documentation(
    summary: "The process answers", answers: [Answer(200, "Alive", content: ["text/plain": ["type": "string"]])])

  static let ready = Documentation(
    summary: "Catalog, model and store are ready for traffic",
    answers: [
      Answer(200, "Ready", content: ["application/json": ["type": "object"]]),
      Answer(503, "Not ready; each part says why", content: ["application/json": ["type": "object"]]),
    ])

  static let metrics = Documentation(
    summary: "Metrics for Prometheus, as text 0.0.4 or OpenMetrics 1.0 by Accept",
    answers: [
      Answer(
        200, "Metrics",
        content: ["text/plain": ["type": "string"], "application/openmetrics-text": ["type": "string"]])
    ])

  /// No parameter may hold a NUL.
  private static let text: JSON = ["type": "string", "maxLength": 256, "pattern": "^[^\\u0000]*$"]

  private static let token = Parameter(
    "t", isRequired: true, description: "The ad's token from /rank",
    schema: ["type": "string", "pattern": "^[A-Za-z0-9_-]+$"])

  private static func rankRequest(slotsMax: Int) -> JSON {
    [
      "type": "object", "additionalProperties": false,
      "properties": [
        "user": ["type": "string", "maxLength": 256],
        "context": [
          "type": "object", "additionalProperties": ["type": ["string", "number", "boolean", "null"]],
        ],
        "slots": slots(max: slotsMax),
        "exclude": ["type": "array", "items": ["type": "string"]],
        "explain": [
          "oneOf": [["type": "boolean"], ["type": "string"], ["type": "array", "items": ["type": "string"]]]
        ],
        "dry_run": ["type": "boolean"],
        "experiments": ["type": "object", "additionalProperties": ["type": "string"]],
      ],
    ]
  }

  private static let decision: JSON = [
    "type": "object", "required": ["decision", "model", "experiments", "scanned", "ads"],
    "properties": [
      "decision": ["type": "string"], "model": ["type": "string"],
      "experiments": ["type": "object", "additionalProperties": ["type": "string"]],
      "scanned": ["type": "integer"], "reason": ["type": "string"], "fallback": ["type": "string"],
      "ads": ["type": "array", "items": rankedAd],
      "explained": ["type": "array", "items": ["type": "object", "required": ["ad", "verdict", "reason"]]],
    ],
  ]

  private static let rankedAd: JSON = [
    "type": "object",
    "required": ["slot", "ad", "ctr", "bid", "price", "score", "propensity", "token", "creative", "click"],
    "properties": [
      "slot": ["type": "integer"], "ad": ["type": "string"], "ctr": ["type": "number"], "bid": ["type": "number"],
      "price": ["type": "number"], "score": ["type": "number"], "propensity": ["type": "number"],
      "token": ["type": "string"], "creative": ["type": "object"], "click": ["type": "string"],
      "explanation": ["type": "object"],
    ],
  ]

  private static let event: JSON = [
    "type": "object", "required": ["event", "token"], "additionalProperties": false,
    "properties": [
      "event": ["enum": ["impression", "click", "conversion"]],
      "token": ["type": "string"],
      "value": ["type": ["number", "null"], "minimum": 0],
      "id": ["type": ["string", "null"], "maxLength": 128],
      "time": ["type": ["string", "null"], "format": "date-time"],
    ],
  ]

  private static let receipt: JSON = [
    "type": "object", "required": ["accepted", "duplicates", "rejected"],
    "properties": [
      "accepted": ["type": "integer"], "duplicates": ["type": "integer"],
      "rejected": [
        "type": "array",
        "items": [
          "type": "object", "required": ["index", "reason"],
          "properties": ["index": ["type": "integer"], "reason": ["type": "string"]],
        ],
      ],
    ],
  ]
}
