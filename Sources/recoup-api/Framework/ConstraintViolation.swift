/// What it means to a client when the database refuses a row by the name of a constraint.
struct ConstraintViolation: Sendable {
    let status: Int
    let code: String
    let pointer: String
    let detail: String

    private static func taken(_ noun: String) -> ConstraintViolation {
        .init(status: 409, code: "name_taken", pointer: "/name", detail: "another \(noun) has this name")
    }

    /// A reference to something that is absent or somebody else's: the same answer.
    private static func unknown(_ noun: String) -> ConstraintViolation {
        .init(status: 422, code: "unknown_\(noun)", pointer: "/\(noun)_id", detail: "there is no such \(noun)")
    }

    /// By the name of the constraint.
    static let known: [String: ConstraintViolation] = [
        "calendar_name_key": taken("calendar"),
        "gateway_name_key": taken("gateway"),
        "template_name_key": taken("template"),
        "workflow_name_key": taken("workflow"),
        "brand_name_key": taken("brand"),
        "brand_calendar_fk": unknown("calendar"),
        "brand_gateway_fk": unknown("gateway"),
        "brand_sms_gateway_fk": .init(
            status: 422, code: "unknown_gateway", pointer: "/sms_gateway_id", detail: "there is no such gateway"),
        "brand_workflow_fk": unknown("workflow"),
        "customer_workflow_fk": unknown("workflow"),
        "contact_customer_fk": unknown("customer"),
        "hold_brand_fk": unknown("brand"),
        "hold_customer_fk": unknown("customer"),
        "hold_invoice_fk": unknown("invoice"),
        "invoice_customer_fk": unknown("customer"),
        "invoice_brand_fk": unknown("brand"),
        "payment_customer_fk": unknown("customer"),
        "ledger_entry_external_id_key": .init(
            status: 409, code: "conflict", pointer: "/external_id", detail: "this was booked under this name before"),
        "posting_external_id_key": .init(
            status: 409, code: "conflict", pointer: "/external_id", detail: "this was booked under this name before"),
        "payment_brand_fk": unknown("brand"),
    ]
}
