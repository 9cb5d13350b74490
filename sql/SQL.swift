/// All SQL of Recoup, embedded from the files beside this one: migrations and functions for the migrator, named queries
/// for the stores. A test compares these lists with the folders.
package enum SQL {
    package struct File: Sendable {
        package let name: String
        package let text: String

        fileprivate init(_ name: String, _ bytes: [UInt8]) {
            self.name = name
            self.text = String(decoding: bytes, as: UTF8.self)
        }
    }

    /// In the order they are applied.
    package static let migrations = [
        File("0001_security", PackageResources._001_security_sql),
        File("0002_parties", PackageResources._002_parties_sql),
        File("0003_receivables", PackageResources._003_receivables_sql),
        File("0004_cases", PackageResources._004_cases_sql),
        File("0005_queue", PackageResources._005_queue_sql),
        File("0006_access", PackageResources._006_access_sql),
        File("0007_insight", PackageResources._007_insight_sql),
        File("0008_imports", PackageResources._008_imports_sql),
        File("0009_postings", PackageResources._009_postings_sql),
        File("0010_sms", PackageResources._010_sms_sql),
        File("0011_lanes", PackageResources._011_lanes_sql),
        File("0012_workflows", PackageResources._012_workflows_sql),
        File("0013_assignment", PackageResources._013_assignment_sql),
        File("0014_people", PackageResources._014_people_sql),
        File("0015_safety", PackageResources._015_safety_sql),
        File("0016_texts", PackageResources._016_texts_sql),
        File("0017_simulation", PackageResources._017_simulation_sql),
        File("0018_merges", PackageResources._018_merges_sql),
        File("0019_bodies", PackageResources._019_bodies_sql),
        File("0020_moves", PackageResources._020_moves_sql),
        File("0021_lookups", PackageResources._021_lookups_sql),
        File("0022_due_key", PackageResources._022_due_key_sql),
    ]

    /// `create or replace` texts, applied again whenever one of them changed.
    package static let functions = [
        File("cases_to_plan", PackageResources.cases_to_plan_sql),
        File("event_turn", PackageResources.event_turn_sql),
        File("import_rows", PackageResources.import_rows_sql),
        File("merged", PackageResources.merged_sql),
        File("queue", PackageResources.queue_sql),
        File("rollup", PackageResources.rollup_sql),
        File("statistics", PackageResources.statistics_sql),
        File("wrong_lines", PackageResources.wrong_lines_sql),
    ]

    /// One file per noun, each with several named queries.
    package static let queries = [
        File("account", PackageResources.account_sql),
        File("activation", PackageResources.activation_sql),
        File("agency", PackageResources.agency_sql),
        File("api_key", PackageResources.api_key_sql),
        File("assignment", PackageResources.assignment_sql),
        File("audit", PackageResources.audit_sql),
        File("brand", PackageResources.brand_sql),
        File("calendar", PackageResources.calendar_sql),
        File("case_event", PackageResources.case_event_sql),
        File("contact", PackageResources.contact_sql),
        File("correction", PackageResources.correction_sql),
        File("customer", PackageResources.customer_sql),
        File("data_quality", PackageResources.data_quality_sql),
        File("dispatch", PackageResources.dispatch_sql),
        File("dispute", PackageResources.dispute_sql),
        File("doctor", PackageResources.doctor_sql),
        File("due", PackageResources.due_sql),
        File("enrolment", PackageResources.enrolment_sql),
        File("event", PackageResources.event_sql),
        File("evidence", PackageResources.evidence_sql),
        File("explain", PackageResources.explain_sql),
        File("facts", PackageResources.facts_sql),
        File("gateway", PackageResources.gateway_sql),
        File("handover", PackageResources.handover_sql),
        File("hold", PackageResources.hold_sql),
        File("import", PackageResources.import_sql),
        File("import_apply", PackageResources.import_apply_sql),
        File("import_change", PackageResources.import_change_sql),
        File("import_check", PackageResources.import_check_sql),
        File("import_mapping", PackageResources.import_mapping_sql),
        File("in_app", PackageResources.in_app_sql),
        File("insight", PackageResources.insight_sql),
        File("instance", PackageResources.instance_sql),
        File("invoice", PackageResources.invoice_sql),
        File("judge", PackageResources.judge_sql),
        File("lanes", PackageResources.lanes_sql),
        File("ledger", PackageResources.ledger_sql),
        File("merge", PackageResources.merge_sql),
        File("message", PackageResources.message_sql),
        File("metrics", PackageResources.metrics_sql),
        File("note", PackageResources.note_sql),
        File("payment", PackageResources.payment_sql),
        File("payment_plan", PackageResources.payment_plan_sql),
        File("posting", PackageResources.posting_sql),
        File("promise", PackageResources.promise_sql),
        File("prune", PackageResources.prune_sql),
        File("receipt", PackageResources.receipt_sql),
        File("receivable", PackageResources.receivable_sql),
        File("safety", PackageResources.safety_sql),
        File("segment", PackageResources.segment_sql),
        File("simulation", PackageResources.simulation_sql),
        File("source", PackageResources.source_sql),
        File("step_run", PackageResources.step_run_sql),
        File("suppression", PackageResources.suppression_sql),
        File("task", PackageResources.task_sql),
        File("template", PackageResources.template_sql),
        File("tenant", PackageResources.tenant_sql),
        File("tolerance", PackageResources.tolerance_sql),
        File("workflow", PackageResources.workflow_sql),
        File("wrong_dunning", PackageResources.wrong_dunning_sql),
    ]

    /// Scripts for psql, which is the other side of a benchmark.
    package static let bench = [
        File("analyze", PackageResources.analyze_sql),
        File("clock_at", PackageResources.clock_at_sql),
        File("dirty_cases", PackageResources.dirty_cases_sql),
        File("floor_lifecycle", PackageResources.floor_lifecycle_sql),
        File("floor_steps", PackageResources.floor_steps_sql),
        File("floor_steps_fill", PackageResources.floor_steps_fill_sql),
        File("floor_tables", PackageResources.floor_tables_sql),
        File("import_limit", PackageResources.import_limit_sql),
        File("import_limit_clear", PackageResources.import_limit_clear_sql),
        File("import_state", PackageResources.import_state_sql),
        File("import_template", PackageResources.import_template_sql),
        File("jobs_left", PackageResources.jobs_left_sql),
        File("ledger_fill", PackageResources.ledger_fill_sql),
        File("ledger_folded", PackageResources.ledger_folded_sql),
        File("messages", PackageResources.messages_sql),
        File("plan_digest", PackageResources.plan_digest_sql),
        File("plan_fill", PackageResources.plan_fill_sql),
        File("plan_reset", PackageResources.plan_reset_sql),
        File("reminders_clear", PackageResources.reminders_clear_sql),
        File("reminders_ends", PackageResources.reminders_ends_sql),
        File("reminders_fill", PackageResources.reminders_fill_sql),
        File("reminders_late", PackageResources.reminders_late_sql),
        File("reminders_left", PackageResources.reminders_left_sql),
        File("reminders_pattern", PackageResources.reminders_pattern_sql),
        File("reminders_shares", PackageResources.reminders_shares_sql),
        File("reminders_tries", PackageResources.reminders_tries_sql),
        File("settings", PackageResources.settings_sql),
        File("snapshot_hold", PackageResources.snapshot_hold_sql),
        File("steps_fill", PackageResources.steps_fill_sql),
        File("tenants_mode", PackageResources.tenants_mode_sql),
    ]
}
