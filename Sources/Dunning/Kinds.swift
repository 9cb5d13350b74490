/// The kinds of thing an ``ID`` can name; they are uninhabited, so `ID<Invoice>` reads well and never mixes with
/// `ID<Payment>`.
///
/// The values themselves have names of their own (a case's state, an open invoice); these only tell identifiers apart.
package enum Tenant: Identified { package static var idPrefix: String { "ten" } }
/// The sender identity of a tenant.
package enum Brand: Identified { package static var idPrefix: String { "brd" } }
/// A tenant's account at a delivery service.
package enum Gateway: Identified { package static var idPrefix: String { "gwy" } }
/// A named message text with its versions.
package enum Template: Identified { package static var idPrefix: String { "tpl" } }
/// One immutable version of a template.
package enum TemplateVersion: Identified { package static var idPrefix: String { "tpv" } }
/// A named escalation path with its versions.
package enum Workflow: Identified { package static var idPrefix: String { "wfl" } }
/// One immutable version of a workflow.
package enum WorkflowVersion: Identified { package static var idPrefix: String { "wfv" } }
/// Customers that are meant together.
package enum Segment: Identified { package static var idPrefix: String { "seg" } }
/// A rule by which cases get their workflow.
package enum Rule: Identified { package static var idPrefix: String { "rul" } }
/// One run over all debtors that gives each case the workflow it should have.
package enum Reassignment: Identified { package static var idPrefix: String { "rea" } }
/// Who owes.
package enum Customer: Identified { package static var idPrefix: String { "cus" } }
/// Whom to write to at a customer.
package enum Contact: Identified { package static var idPrefix: String { "con" } }
/// A claim for money.
package enum Invoice: Identified { package static var idPrefix: String { "inv" } }
/// Money received or under way.
package enum Payment: Identified { package static var idPrefix: String { "pay" } }
/// A write-off, a reversal or a refund, as it was asked for.
package enum Posting: Identified { package static var idPrefix: String { "pst" } }
/// The customer says that something is wrong with an invoice.
package enum Dispute: Identified { package static var idPrefix: String { "dsp" } }
/// The customer says when it will pay.
package enum Promise: Identified { package static var idPrefix: String { "prm" } }
/// One dated, append-only line of the ledger.
package enum LedgerEntry: Identified { package static var idPrefix: String { "led" } }
/// A dated reason not to contact.
package enum Hold: Identified { package static var idPrefix: String { "hld" } }
/// A case: one customer's dunning at one brand, in one currency, on one track.
package enum Enrolment: Identified { package static var idPrefix: String { "enr" } }
/// One step of one case at one time.
package enum StepRun: Identified { package static var idPrefix: String { "stp" } }
/// One message as sent.
package enum Message: Identified { package static var idPrefix: String { "msg" } }
/// One try to put a message on the wire.
package enum Attempt: Identified { package static var idPrefix: String { "att" } }
/// What a gateway reported of a message.
package enum Receipt: Identified { package static var idPrefix: String { "rcp" } }
/// A message shown in the tenant's own product.
package enum InApp: Identified { package static var idPrefix: String { "app" } }
/// What somebody wrote back.
package enum InboundMessage: Identified { package static var idPrefix: String { "inb" } }
/// Work for a person (`Task` belongs to the language).
package enum CollectorTask: Identified { package static var idPrefix: String { "tsk" } }
/// What somebody wrote down about a customer.
package enum Note: Identified { package static var idPrefix: String { "not" } }
/// Instalments by agreement.
package enum PaymentPlan: Identified { package static var idPrefix: String { "ppl" } }
/// Who collects where we do not go on.
package enum Agency: Identified { package static var idPrefix: String { "agy" } }
/// A case that an agency has or had.
package enum Handover: Identified { package static var idPrefix: String { "hnd" } }
/// One file or feed taken in.
package enum Import: Identified { package static var idPrefix: String { "imp" } }
/// One line of the audit trail.
package enum AuditEvent: Identified { package static var idPrefix: String { "evt" } }
/// Something told to the outside.
package enum OutboxEvent: Identified { package static var idPrefix: String { "oev" } }
/// A key of the API.
package enum APIKey: Identified { package static var idPrefix: String { "key" } }
/// A named set of holidays.
package enum Calendar: Identified { package static var idPrefix: String { "cal" } }
/// A row of the queue.
package enum DueJob: Identified { package static var idPrefix: String { "due" } }
/// A running worker.
package enum WorkerProcess: Identified { package static var idPrefix: String { "wrk" } }
/// A workflow played forward over a tenant's customers.
package enum SimulationRun: Identified { package static var idPrefix: String { "sim" } }
