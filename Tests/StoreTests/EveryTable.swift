import Dunning
import Foundation
import Operations
import Store
import Support

/// Rows in every table of tenants, made by use as far as there is an operation for them.
enum EveryTable {
    static func fill(_ tenant: TestTenant) async throws {
        try await tenant.write { tx, context in
            _ = try CreateKey(name: "first").run(in: &tx, context)
            let days = try CalendarDays([CalendarDay(day: TestTenant.today, name: "Founder's day")])
            _ = try CreateCalendar(name: "Own", rule: .none, days: days).run(in: &tx, context)
        }
        let courier = try Courier(of: tenant)
        let (payer, paid) = try await tenant.debtor("Payer")
        try await tenant.invoice(of: payer, overdueBy: 20)
        try await tenant.pay(payer, 100_00, for: [(paid, 100_00)])
        try await tenant.write(as: .worker) { tx, context in while try KeepRollups.step(in: &tx, context) {} }
        let (later, owed) = try await tenant.debtor("Later")
        try await tenant.pay(later, 100_00, for: [(owed, 100_00)])
        let coming = try RecordPayment(
            externalID: "coming", customer: payer, amount: Money(minor: 5_00, currency: TestTenant.dollar),
            valueDate: TestTenant.today, status: .pending)
        try await tenant.write { tx, context in _ = try coming.run(in: &tx, context) }
        try await tenant.writeOff(try await tenant.debtor("Gone").invoice)
        let (held, _) = try await tenant.debtor("Held")
        try await tenant.write { tx, context in
            _ = try PlaceHold(on: .customer(held), reason: "dispute").run(in: &tx, context)
        }
        let armed = try await courier.arm().armed
        try await courier.record(.permanent(suppresses: true), of: armed, code: 550, reply: "no such user")
        _ = try await tenant.debtor("Sent")
        _ = try await courier.arm()
        try await tenant.admin(
            """
            insert into import (
                tenant_id, import_id, state, mode, source, is_snapshot, brand_id, mapping, created_by, created_at)
            select $t, $t, 'received', 'partial', 'api', false, b.brand_id, '{}', 'test', '\(TestTenant.now)'
            from brand b where b.tenant_id = $t limit 1;
            insert into import_piece (tenant_id, import_id, number, bytes) values ($t, $t, 0, 'a');
            insert into import_error (tenant_id, import_id, row_no, field, line, code, message)
            values ($t, $t, 1, 'invoice.total', 2, 'not_positive', 'more than nothing');
            insert into import_mapping (tenant_id, name, mapping, created_at, updated_at)
            values ($t, 'mine', '{}', '\(TestTenant.now)', '\(TestTenant.now)');
            insert into segment (tenant_id, segment_id, name, created_at, updated_at)
            values ($t, $t, 'vip', '\(TestTenant.now)', '\(TestTenant.now)');
            insert into segment_member (tenant_id, segment_id, customer_id, added_at)
            select $t, $t, c.customer_id, '\(TestTenant.now)' from customer c where c.tenant_id = $t limit 1;
            insert into assignment_rule (
                tenant_id, assignment_rule_id, name, priority, condition, created_at, updated_at)
            values ($t, $t, 'never', 1, '{"field": "stage", "is": 9}', '\(TestTenant.now)', '\(TestTenant.now)');
            insert into reassignment (tenant_id, reassignment_id, dry_run, entry_policy, state, created_at)
            values ($t, $t, true, 'review', 'running', '\(TestTenant.now)');
            insert into suppression (tenant_id, channel, address_key, reason, created_at)
            values ($t, 'sms', '+491701234567', 'opt_out', '\(TestTenant.now)');
            insert into receipt (tenant_id, receipt_id, gateway_id, subject, state, received_at)
            select $t, $t, g.gateway_id, 'x', 'sent', '\(TestTenant.now)' from gateway g where g.tenant_id = $t limit 1;
            insert into inbound_text (
                tenant_id, inbound_text_id, gateway_id, provider_id, address_key, intent, body, received_at)
            select $t, $t, g.gateway_id, 'x', '+491701234567', 'stop', 'STOP', '\(TestTenant.now)'
            from gateway g where g.tenant_id = $t limit 1;
            insert into tolerance (tenant_id, currency, amount) values ($t, 'USD', 5);
            insert into invoice_term (tenant_id, invoice_id, from_day, number, due_date, amount)
            select $t, v.invoice_id, '-infinity', 1, v.due_date, v.total from invoice v where v.tenant_id = $t limit 1;
            insert into dispute (tenant_id, dispute_id, customer_id, invoice_id, reason, note, from_day, created_at)
            select $t, $t, v.customer_id, v.invoice_id, 'goods', '', '2026-01-01', '\(TestTenant.now)'
            from invoice v where v.tenant_id = $t limit 1;
            insert into promise (
                tenant_id, promise_id, customer_id, brand_id, currency, amount, made_on, due_on, note, created_at)
            select $t, $t, v.customer_id, v.brand_id, v.currency, 1, '2026-01-01', '2026-01-05', '', '\(TestTenant.now)'
            from invoice v where v.tenant_id = $t limit 1;
            insert into promise_invoice (tenant_id, promise_id, invoice_id)
            select $t, $t, v.invoice_id from invoice v where v.tenant_id = $t limit 1;
            insert into case_event (tenant_id, enrolment_id, number, kind, at)
            select $t, e.enrolment_id, 1, 'replied', '\(TestTenant.now)' from enrolment e where e.tenant_id = $t limit 1;
            insert into split_choice (tenant_id, customer_id, experiment, share, chosen_at)
            select $t, c.customer_id, 'tone', 'a', '\(TestTenant.now)' from customer c where c.tenant_id = $t limit 1;
            insert into in_app (
                tenant_id, in_app_id, customer_id, enrolment_id, step_run_id, brand_id, stage, locale, subject, text_body,
                html_body, created_at)
            select $t, $t, e.customer_id, e.enrolment_id, $t, e.brand_id, 1, 'en', '', '', '', '\(TestTenant.now)'
            from enrolment e where e.tenant_id = $t limit 1;
            insert into note (tenant_id, note_id, customer_id, author, body, created_at)
            select $t, $t, c.customer_id, 'test', 'Call after noon.', '\(TestTenant.now)'
            from customer c where c.tenant_id = $t limit 1;
            insert into payment_plan (
                tenant_id, payment_plan_id, customer_id, brand_id, currency, made_on, note, state, check_at, created_at)
            select $t, $t, v.customer_id, v.brand_id, v.currency, '2026-01-01', '', 'running', '2027-01-01',
                '\(TestTenant.now)'
            from invoice v where v.tenant_id = $t limit 1;
            insert into payment_plan_part (tenant_id, payment_plan_id, number, due_on, amount)
            values ($t, $t, 1, '2026-12-01', 1);
            insert into payment_plan_invoice (tenant_id, payment_plan_id, invoice_id)
            select $t, $t, v.invoice_id from invoice v where v.tenant_id = $t limit 1;
            insert into agency (
                tenant_id, agency_id, name, minimum_age_days, response_days, created_at, updated_at)
            values ($t, $t, 'Harbor', 60, 14, '\(TestTenant.now)', '\(TestTenant.now)');
            insert into agency_minimum (tenant_id, agency_id, currency, amount) values ($t, $t, 'USD', 1);
            insert into handover (
                tenant_id, handover_id, enrolment_id, customer_id, agency_id, currency, amount, final_message_id, state,
                note, pack, pack_sha256, handed_at)
            select $t, $t, e.enrolment_id, e.customer_id, $t, e.currency, 1, $t, 'with_agency', '', '', 'x',
                '\(TestTenant.now)'
            from enrolment e where e.tenant_id = $t and e.status = 'active' limit 1;
            insert into handover_invoice (tenant_id, handover_id, invoice_id, amount)
            select $t, $t, v.invoice_id, 1 from invoice v where v.tenant_id = $t limit 1;
            insert into correction (tenant_id, message_id, note_id, found_at)
            select m.tenant_id, m.message_id, m.message_id, m.created_at from message m where m.tenant_id = $t limit 1;
            insert into first_contact (tenant_id, enrolment_id, customer_id, brand_id, wanted_from, value)
            select e.tenant_id, e.enrolment_id, e.customer_id, e.brand_id, '2026-01-01', 1 from enrolment e
            where e.tenant_id = $t limit 1;
            insert into exchange_rate (tenant_id, base, currency, day, rate_e12, recorded_at)
            values ($t, 'EUR', 'USD', '2026-01-01', 920000000000, '\(TestTenant.now)');
            insert into simulation (
                tenant_id, simulation_id, purpose, state, moves_cases, days, payments, begins_at, sums, created_by,
                created_at)
            values ($t, $t, 'preview', 'done', false, 5, 'nobody', '\(TestTenant.now)', '{}', 'test', '\(TestTenant.now)');
            insert into simulation_event (tenant_id, simulation_id, customer_id, seq, at, kind)
            select $t, $t, c.customer_id, 1, '\(TestTenant.now)', 'exit' from customer c where c.tenant_id = $t limit 1
            """)
    }
}
