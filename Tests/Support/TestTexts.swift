package import Dunning
import Foundation
import Gateways
package import Operations
import Store

/// A tenant that writes text messages: on day 3 after due, and a mail on day 14.
extension TestTenant {
    package static let textSandbox = (host: "127.0.0.1", port: 8_025)
    package static let textSecret = "hook-secret"

    /// Connects a text gateway with the generic recipe, and follows the brand's cases by text from now on.
    package func textGateway(fallback: Step.Fallback? = nil) async throws -> ID<Gateway> {
        let tenant = self
        return try await write { tx, context in
            let gateway = try CreateGateway(
                name: "Texts", kind: .sms, host: Self.textSandbox.host, port: Self.textSandbox.port, tls: .none,
                password: "token",
                text: CreateGateway.NewText(preset: .generic, sender: "+14155550100", hookSecret: Self.textSecret)
            ).run(
                in: &tx, context,
                checks: GatewayChecks { $0 == Self.textSandbox.host && $1 == Self.textSandbox.port },
                secrets: Self.secrets)
            let letter = DefaultTemplate.friendly.source
            let template = try SaveTemplate(
                .new(name: "Text"),
                source: TemplateSource(
                    subject: letter.subject, text: letter.text, html: letter.html,
                    sms: "{{brand.name}}: {{total}} is overdue. Reply STOP to stop.")
            ).run(in: &tx, context).record
            let steps = try WorkflowSteps([
                Step(key: "text", kind: .sms, timing: .afterDue(3), template: template.id, fallback: fallback),
                Step(key: "firm", kind: .email, timing: .afterDue(14), template: template.id),
            ])
            let workflow = try PublishWorkflow(.new(name: "By text"), steps: steps).run(in: &tx, context).id
            var change = BrandChange()
            change.smsGateway = .to(gateway.id)
            change.workflow = .to(workflow)
            _ = try ChangeBrand(tenant.brand, change).run(in: &tx, context)
            return gateway.id
        }
    }

    /// A customer with an overdue invoice and these addresses.
    package func debtor(
        phone: String?, email: String? = nil, overdueBy days: Int = 10
    ) async throws -> (customer: ID<Customer>, contact: ID<Contact>) {
        let key = String(UInt64.random(in: 0 ... .max), radix: 36)
        let number = try phone.map { try PhoneNumber($0) }
        let address = try email.map { try EmailAddress($0) }
        let (customer, contact) = try await write { tx, context in
            let made = try CreateCustomer(externalID: "C-\(key)", name: "Bluebird").run(in: &tx, context)
            let contact = try AddContact(to: made.customer.id, name: "Ada", email: address, phone: number)
                .run(in: &tx, context)
            return (made.customer.id, contact.id)
        }
        try await invoice(of: customer, overdueBy: days)
        return (customer, contact)
    }

    /// What the generic gateway sends, signed as it signs.
    package func hook(
        _ gateway: ID<Gateway>, _ kind: HookToken.Kind, _ json: String, ref: ID<Attempt>? = nil,
        signedBy secret: String = textSecret,
        at now: Instant = TestTenant.now
    ) async throws -> GatewayHooks.Result {
        let token = HookToken(tenant: id, gateway: gateway, secrets: Self.secrets)
        let url = token.url(kind, base: "https://recoup.test") + (ref.map { "?ref=\($0)" } ?? "")
        let signature = HookSignature.hex(of: json, key: secret)
        let take = GatewayHooks(
            gateway, TextHook(url: url, headers: ["x-signature": signature], body: Array(json.utf8)),
            secrets: Self.secrets)
        return try await write(at: now) { tx, context in try take.run(kind, in: &tx, context) }
    }
}
