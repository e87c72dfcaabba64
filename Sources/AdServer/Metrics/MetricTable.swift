import Monitoring

/// Every metric of the server: name, meaning, unit and the labels it may carry.
public enum MetricTable {
  /// For `PrometheusRegistry`.
  public static let all =
    http + ranking + delivery + experiments + alerts + catalog + events + join + storage + business + models

  private static let http: [MetricDescription] = [
    .init(name: "adloop_http_connections", kind: .gauge, help: "Open connections."),
    .init(
      name: "adloop_http_refused_total", kind: .counter, help: "Connections and requests that a limit turned away.",
      labels: ["reason"]),
    .init(
      name: "adloop_http_request_duration_seconds", kind: .histogram, help: "From the request's head to its answer.",
      unit: .seconds, labels: ["route"]),
    .init(
      name: "adloop_http_requests_total", kind: .counter, help: "Requests answered.", labels: ["route", "code"]),
  ]

  private static let ranking: [MetricDescription] = [
    .init(
      name: "adloop_rank_decisions_total", kind: .counter, help: "Decisions by whether all slots were filled.",
      labels: ["fill"]),
    .init(name: "adloop_rank_duration_seconds", kind: .histogram, help: "Time of one decision.", unit: .seconds),
    .init(
      name: "adloop_rank_fallbacks_total", kind: .counter,
      help: "Decisions that were not ranked by the model their experiment asks for."),
    .init(
      name: "adloop_rank_predicted_ctr", kind: .histogram, help: "Predicted CTR of the ads in decisions.",
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5]),
    .init(
      name: "adloop_rank_scanned_ads", kind: .histogram, help: "Ads that the ranker looked at for one decision.",
      buckets: [1e2, 1e3, 1e4, 1e5, 1e6, 1e7]),
    .init(
      name: "adloop_rank_unknown_fields_total", kind: .counter,
      help: "Context fields of requests that neither the schema nor a targeting rule knows."),
  ]

  private static let delivery: [MetricDescription] = [
    .init(
      name: "adloop_campaign_over_delivery_ratio", kind: .gauge,
      help: "What campaigns have spent beyond their budgets, as a share of what all have spent today.", unit: .ratio),
    .init(
      name: "adloop_campaign_spend_today", kind: .gauge,
      help: "What campaigns with budgets have spent today, in the bids' currency."),
    .init(
      name: "adloop_campaigns", kind: .gauge,
      help: "Campaigns with budgets or caps: open, exhausted, or held back by pacing.", labels: ["state"]),
    .init(
      name: "adloop_frequency_evictions_total", kind: .counter,
      help: "Counts of frequency caps that were forgotten before their end, for want of memory."),
    .init(
      name: "adloop_rank_withheld_total", kind: .counter,
      help: "Times that an ad good enough to be scored was kept out of a decision for its campaign's sake.",
      labels: ["reason"]),
  ]

  private static let experiments: [MetricDescription] = [
    .init(
      name: "adloop_guardrail_stops_total", kind: .counter,
      help: "Arms of experiments that were stopped because they broke a guardrail.", labels: ["metric"]),
    .init(
      name: "adloop_proxy_correlation_hours", kind: .gauge,
      help: "Hours that the correlation of the proxy is told from; 0 when there are too few."),
    .init(
      name: "adloop_proxy_correlation_ratio", kind: .gauge,
      help: "Correlation of CTR and revenue per 1000 impressions by hour over a week, without trend and daily course.",
      unit: .ratio),
  ]

  private static let alerts: [MetricDescription] = [
    .init(
      name: "adloop_alert_webhook_total", kind: .counter,
      help: "Messages for the alert webhook by what became of them.",
      labels: ["fate"]),
    .init(name: "adloop_alerts", kind: .gauge, help: "Alerts that are active.", labels: ["state"]),
    .init(
      name: "adloop_alerts_turned_away_total", kind: .counter,
      help: "Times that an alert was not raised because too many are active."),
  ]

  private static let catalog: [MetricDescription] = [
    .init(
      name: "adloop_catalog_changes_total", kind: .counter,
      help: "Changes of ads asked for while serving, by what became of them.", labels: ["fate"]),
    .init(
      name: "adloop_catalog_unmerged_changes", kind: .gauge,
      help: "Changes of ads since the catalog's file was written."),
  ]

  private static let events: [MetricDescription] = [
    .init(
      name: "adloop_clicks_unlogged_total", kind: .counter,
      help: "Clicks whose visitor was sent on although the click could not be stored."),
    .init(
      name: "adloop_event_append_duration_seconds", kind: .histogram, help: "From an append to durable.",
      unit: .seconds),
    .init(name: "adloop_event_commit_events", kind: .histogram, help: "Events of one commit."),
    .init(name: "adloop_event_queue_bytes", kind: .gauge, help: "Events that wait for the disk.", unit: .bytes),
    .init(
      name: "adloop_events_total", kind: .counter, help: "Events offered to the log, by what became of them.",
      labels: ["kind", "fate"]),
    .init(
      name: "adloop_events_invalid_total", kind: .counter,
      help: "Events that intake found invalid, offered to the log with the reason.", labels: ["reason"]),
    .init(
      name: "adloop_events_rejected_total", kind: .counter,
      help: "Events that were not taken: malformed, with a forged or foreign token, of a dry run, or of no time.",
      labels: ["reason"]),
  ]

  private static let join: [MetricDescription] = [
    .init(
      name: "adloop_join_click_delay_seconds", kind: .histogram,
      help: "From a live impression to its joined click, in event time.", unit: .seconds,
      buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 600, 1800, 3600, 86_400]),
    .init(
      name: "adloop_join_coverage_ratio", kind: .gauge, help: "Share of recent clicks that found their impression.",
      unit: .ratio),
    .init(
      name: "adloop_join_duplicate_ratio", kind: .gauge, help: "Share of duplicates among recent events.", unit: .ratio),
    .init(
      name: "adloop_join_events_total", kind: .counter, help: "Events joined, by what became of them.",
      labels: ["kind", "fate"]),
    .init(name: "adloop_join_examples_total", kind: .counter, help: "Impressions whose label became final."),
    .init(
      name: "adloop_join_invariant_violations", kind: .gauge,
      help:
        "Slots with more joined clicks than impressions, and traffics whose spend isn't the sum of the billed clicks."),
    .init(
      name: "adloop_join_invalid_ratio", kind: .gauge, help: "Share of recent events that never count.", unit: .ratio),
    .init(name: "adloop_join_lag_events", kind: .gauge, help: "Events of the log that are not joined yet."),
    .init(
      name: "adloop_join_late_ratio", kind: .gauge, help: "Share of recent clicks that came too late.", unit: .ratio),
    .init(name: "adloop_join_open_impressions", kind: .gauge, help: "Impressions whose label isn't final."),
    .init(
      name: "adloop_join_orphan_ratio", kind: .gauge, help: "Share of recent clicks without an impression.",
      unit: .ratio),
    .init(
      name: "adloop_join_step_duration_seconds", kind: .histogram, help: "Time of one step of the join.",
      unit: .seconds),
    .init(
      name: "adloop_join_watermark_lag_seconds", kind: .gauge, help: "How far the latest event lies behind the clock.",
      unit: .seconds),
    .init(
      name: "adloop_probe_decision_timestamp_seconds", kind: .gauge,
      help: "Decision time of the latest probe that reached the hop.", unit: .seconds, labels: ["hop"]),
  ]

  private static let storage: [MetricDescription] = [
    .init(
      name: "adloop_archived_events_total", kind: .counter, help: "Events moved from the log's database to its archive."
    ),
    .init(name: "adloop_deleted_events_total", kind: .counter, help: "Events of archived days that were deleted."),
    .init(
      name: "adloop_store_bytes", kind: .gauge, help: "Size of the data directory by part.", unit: .bytes,
      labels: ["part"]),
    .init(name: "adloop_store_free_bytes", kind: .gauge, help: "Space left on its disk.", unit: .bytes),
  ]

  private static let business: [MetricDescription] = [
    .init(
      name: "adloop_calibration_ratio", kind: .gauge, help: "Predicted clicks an observed click, over the last hour.",
      unit: .ratio),
    .init(name: "adloop_clicks_total", kind: .counter, help: "Live clicks that joined their impression."),
    .init(name: "adloop_ctr_ratio", kind: .gauge, help: "Clicks an impression, over the last hour.", unit: .ratio),
    .init(name: "adloop_impressions_total", kind: .counter, help: "Live impressions joined."),
    .init(name: "adloop_predicted_clicks_total", kind: .counter, help: "Sum of predicted CTR over the impressions."),
    .init(
      name: "adloop_revenue_total", kind: .counter, help: "Sum of the prices of joined clicks, in the bids' currency."),
  ]

  private static let models: [MetricDescription] = [
    .init(
      name: "adloop_calibration_decile_observed_ratio", kind: .gauge,
      help: "Clicks an impression, in each tenth of the latest live predictions.", unit: .ratio, labels: ["decile"]),
    .init(
      name: "adloop_calibration_decile_predicted_ratio", kind: .gauge,
      help: "Mean prediction in each tenth of the latest live predictions.", unit: .ratio, labels: ["decile"]),
    .init(
      name: "adloop_calibration_slot_ratio", kind: .gauge,
      help: "Predicted clicks an observed click by slot, of the latest live predictions.", unit: .ratio,
      labels: ["slot"]),
    .init(
      name: "adloop_model_calibration_age_seconds", kind: .gauge,
      help: "Age of the newest example that the calibration of the model that serves was fitted on.", unit: .seconds),
    .init(
      name: "adloop_prediction_skew_max", kind: .gauge,
      help: "Largest difference between a served prediction and the same computed anew from the joined log."),
    .init(name: "adloop_prediction_skew_samples", kind: .gauge, help: "Predictions that were computed anew."),
    .init(
      name: "adloop_rollbacks_total", kind: .counter,
      help: "Models that were taken back automatically after their deployment.", labels: ["reason"]),
    .init(
      name: "adloop_shadow_examples", kind: .gauge, help: "Live examples that the shadow model has scored."),
    .init(
      name: "adloop_shadow_log_loss_difference", kind: .gauge,
      help: "Log loss of the shadow model less that of the served predictions; below 0 it is better."),
    .init(name: "adloop_catalog_ads", kind: .gauge, help: "Ads of the catalog in use.", labels: ["status"]),
    .init(name: "adloop_model_age_seconds", kind: .gauge, help: "Age of the model that serves.", unit: .seconds),
    .init(name: "adloop_model_info", kind: .gauge, help: "1 for the model that serves.", labels: ["model"]),
    .init(name: "adloop_model_weights", kind: .gauge, help: "Weights of the model that serves."),
    .init(name: "adloop_trainer_coordinates", kind: .gauge, help: "Features that the trainer knows."),
    .init(name: "adloop_trainer_examples_total", kind: .counter, help: "Examples learnt."),
    .init(
      name: "adloop_trainer_last_success_timestamp_seconds", kind: .gauge, help: "When the last step ended.",
      unit: .seconds),
    .init(name: "adloop_trainer_probes_total", kind: .counter, help: "Probes evaluated."),
    .init(
      name: "adloop_trainer_progressive_log_loss", kind: .gauge,
      help: "Log loss of recent predictions made before learning."),
    .init(
      name: "adloop_trainer_rejected_features", kind: .gauge, help: "Features left out because the index is full."),
    .init(
      name: "adloop_trainer_step_duration_seconds", kind: .histogram, help: "Time of one step of the trainer.",
      unit: .seconds, buckets: [0.01, 0.1, 0.5, 1, 5, 10, 60, 300]),
    .init(
      name: "adloop_trainer_verdicts_total", kind: .counter, help: "What the gate said of candidates.",
      labels: ["verdict"]),
  ]
}
