import HTTPServer

/// What the OpenAPI document says of the calls that operators make.
extension Documentation {
  static let models = admin("All models", [object(200, "Models, oldest first", type: "array")])
  static let model = admin("One model; `current` names the one that serves", [object(200, "The model's record")])
  static let modelImport = admin(
    "Register a model file",
    [object(201, "The model's record")],
    parameters: [Parameter("promote", description: "Serve it at once", schema: ["type": "boolean"])],
    body: ["application/json": ["type": "object", "required": ["format", "features_sha256", "bias", "weights"]]])
  static let modelPromote = admin("Let a model serve", [object(200, "The model's record")])
  static let modelShadow = admin(
    "Let a model score live traffic without serving it", [object(200, "The model's record")])
  static let modelShadowEnd = admin("Have no shadow model", [object(200, "Models, oldest first", type: "array")])
  static let modelRollback = admin(
    "Let the model serve that served before", [object(200, "The record of the model that serves now")])
  static let experiments = admin("The experiments in force", [object(200, "Experiments and hold-out")])
  static let experimentsReplace = admin(
    "Replace all experiments; refused where it would move users of a running one",
    [object(200, "The experiments in force from now on")],
    parameters: [
      Parameter("who", description: "Who replaces them"), Parameter("why", description: "Why, for the history"),
    ],
    body: ["application/json": ["type": "object"]])
  static let experimentReport = admin("Compare the arms of an experiment", [object(200, "The report")])

  static let experiment = admin("One experiment", [object(200, "The experiment")])
  static let experimentsHistory = admin(
    "Every step of every experiment, oldest first", [object(200, "Steps with who and why", type: "array")])
  static let experimentHistory = admin(
    "Every step of one experiment, oldest first", [object(200, "Steps with who and why", type: "array")])
  static let experimentCreate = admin(
    "Create an experiment as a draft, whose arms can be forced", [object(201, "The experiment")],
    body: ["application/json": stepBody(["experiment": ["type": "object", "required": ["name", "arms"]]])])
  static let experimentStart = step("Let a draft run", stepBody(["share": share], isOptional: true))
  static let experimentRamp = step("Add users; moves none", stepBody(["share": share]))
  static let experimentStop = step(
    "Stop it, or one of its arms", stepBody(["arm": ["type": "string"]], isOptional: true))
  static let experimentDecide = step(
    "End it for an arm, whose changes then hold for everybody but the held-out users",
    stepBody(["arm": ["type": "string"]]))

  private static func step(_ summary: String, _ body: JSON) -> Documentation {
    admin(
      summary + "; visible to /rank within a second", [object(200, "The experiment from now on")],
      body: ["application/json": body])
  }

  static let drift = admin(
    "Compare the distributions of a window with the same hours last week, else with the time before",
    [object(200, "Effect sizes, limits and verdicts by field, attribute and prediction")], parameters: window)

  static let alerts = admin(
    "Alerts that are pending or firing, and the latest changes", [object(200, "Alerts with their reasons in words")])

  private static let window = [
    Parameter("last", description: "Full hours back from now, such as 3h or 1d; 1h"),
    Parameter("from", description: "First hour, UTC, such as 2026-03-02T14"),
    Parameter("to", description: "First hour after the window, UTC"),
  ]

  static let ad = admin("One ad", [object(200, "The ad, as a line of catalog NDJSON")], parameters: [adID])
  static let adPut = admin(
    "Put an ad in, in place of the one with its id; answers when it is durable and visible to /rank",
    [object(200, "The ad, which replaced another"), object(201, "The ad, which is new")], parameters: [adID],
    body: ["application/json": adBody(required: ["bid"])])
  static let adPatch = admin(
    "Change what the body mentions and keep the rest, as a JSON merge patch (RFC 7396)",
    [object(200, "The whole ad from now on")], parameters: [adID],
    body: ["application/merge-patch+json": adBody(required: [])])
  static let adDelete = admin("Take an ad out", [Answer(204, "It is gone")], parameters: [adID])
  static let adsPut = admin(
    "Put many ads in, one a line; bad lines are told with number and reason, the good ones kept",
    [object(200, "How many were accepted, and which lines weren't")],
    body: ["application/x-ndjson": adBody(required: ["id", "bid"])])

  private static let share: JSON = ["type": "number", "minimum": 0, "maximum": 1]

  /// Of a step: who and why, and what it needs.
  private static func stepBody(_ fields: [String: JSON], isOptional: Bool = false) -> JSON {
    let text: JSON = ["type": "string", "minLength": 1, "maxLength": 1000]
    let required = ["why"] + (isOptional ? [] : fields.keys.sorted())
    return [
      "type": "object", "additionalProperties": false, "required": .array(required.map { .string($0) }),
      "properties": .object(fields.merging(["who": text, "why": text]) { $1 }),
    ]
  }

  private static let adID = Parameter("id", in: .path, isRequired: true, description: "The ad's id")
  private static func adBody(required: JSON) -> JSON {
    [
      "type": "object", "additionalProperties": false, "required": required,
      "properties": [
        "id": ["type": "string", "minLength": 1, "maxLength": 128], "bid": ["type": "number", "minimum": 0],
        "status": ["enum": ["active", "paused"]], "attributes": ["type": "object"], "targeting": ["type": "object"],
        "budget": ["type": "object"], "creative": ["type": "object"],
      ],
    ]
  }

  private static func admin(
    _ summary: String, _ answers: [Answer], parameters: [Parameter] = [], body: [String: JSON] = [:]
  ) -> Documentation {
    Documentation(
      summary: summary, parameters: parameters, body: body, answers: answers, needsBearerToken: true)
  }

  private static func object(_ status: Int, _ description: String, type: JSON = "object") -> Answer {
    Answer(status, description, content: ["application/json": ["type": type]])
  }
}
