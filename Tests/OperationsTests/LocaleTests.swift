import Dunning
import Foundation
import Operations
import Postgres
import Store
import Support
import Testing

/// Which language a message is written in, from the customer to the bytes on the wire.
@Suite(.database) struct LocaleTests {
    /// A tenant whose letters are the standard ones, in all their languages.
    private static func tenant() async throws -> TestTenant {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        try await tenant.write { tx, context in
            let standard = try tx.workflows(Page(count: 10)).first { $0.name == "Standard" }
            var change = BrandChange()
            change.workflow = .to(try #require(standard).id)
            _ = try ChangeBrand(tenant.brand, change).run(in: &tx, context)
        }
        return tenant
    }

    private static func letter(to locale: LanguageTag?, of tenant: TestTenant) async throws -> MessageDetail {
        let customer = try await tenant.customer(locale: locale)
        try await tenant.invoice(of: customer, overdueBy: 1, 1_234_567_89)
        try await tenant.invoice(of: customer, overdueBy: 10, 50_00)
        let armed = try #require(try await Courier(of: tenant).arm().armed.first)
        return try #require(try await tenant.read { tx, _ in try tx.message(armed.message) })
    }

    @Test(
        arguments: [
            ("de", "de", "Zahlungserinnerung: 1.234.617,89\u{A0}$ überfällig", "1 Tag"),
            ("de-AT", "de-AT", "Zahlungserinnerung: $\u{A0}1.234.617,89 überfällig", "10 Tagen"),
            ("en-IN", "en-IN", "Friendly reminder: $12,34,617.89 is past due", "1 day"),
            ("fr", "fr", "Rappel de paiement\u{A0}: 1\u{202F}234\u{202F}617,89\u{A0}$US en attente", "1 jour"),
            ("es-419", "es-419", "Recordatorio de pago: USD\u{A0}1,234,617.89 pendiente", "1 día"),
            ("ja", "ja", "お支払いご確認のお願い（$1,234,617.89）", "10日"),
            // The brand writes English.
            ("sv", "en", "Friendly reminder: $1,234,617.89 is past due", "10 days"),
            (nil, "en", "Friendly reminder: $1,234,617.89 is past due", "10 days"),
        ] as [(String?, String, String, String)])
    func `the customer's language decides text, numbers and headers`(
        wanted: String?, locale: String, subject: String, days: String
    ) async throws {
        let tenant = try await Self.tenant()
        let detail = try await Self.letter(to: wanted.flatMap(LanguageTag.init), of: tenant)
        #expect(detail.record.locale.text == locale)
        #expect(detail.record.subject == subject)
        #expect(detail.text.contains(days))
        #expect(detail.html.contains("<html lang=\"\(locale)\">"))
        let bytes = try await tenant.value("select encode(bytes, 'escape') from message where tenant_id = $t")
        #expect(bytes?.contains("\r\nContent-Language: \(locale)\r\n") == true)
        let id = detail.record.id
        let words = try await tenant.read { tx, context in try Explain.message(id, in: &tx, context).words }
        #expect(words.first?.contains("in \(locale)") == true)
    }

    @Test func `a brand's language is for customers without one`() async throws {
        let tenant = try await Self.tenant()
        try await tenant.write { tx, context in
            var change = BrandChange()
            change.locale = .to(LanguageTag("fr-CA") ?? .english)
            _ = try ChangeBrand(tenant.brand, change).run(in: &tx, context)
        }
        #expect(try await Self.letter(to: nil, of: tenant).record.locale.text == "fr-CA")
    }

    @Test func `a new version of one language leaves the others as they are`() async throws {
        let tenant = try await Self.tenant()
        let template = try await tenant.read { tx, _ in
            try tx.templates(Page(count: 50)).first { $0.name == "Friendly reminder" }?.id
        }
        let id = try #require(template)
        let record = try await tenant.write { tx, context in
            let source = TemplateSource(subject: "Neu {{total}}", text: "{{total}}", html: "{{total}}")
            return try SaveTemplate(.version(of: id), locale: .german, source: source).run(in: &tx, context).record
        }
        #expect(record.number == 2)
        #expect(record.locales.map(\.text) == ["de", "en", "es", "fr", "ja"])
        #expect(try await Self.letter(to: .german, of: tenant).record.subject == "Neu 1.234.617,89\u{A0}$")
        #expect(try await tenant.read { tx, _ in try tx.template(id, in: .french)?.number } == 1)
        #expect(try await tenant.count("template_version where tenant_id = $t and template_id = '\(id.uuid)'") == 6)
    }

    @Test func `a locale that is no longer known does not stop a message`() async throws {
        let tenant = try await Self.tenant()
        let customer = try await tenant.customer(locale: .german)
        try await tenant.admin("update customer set locale = 'no_such' where tenant_id = $t")
        try await tenant.invoice(of: customer, overdueBy: 10)
        let armed = try #require(try await Courier(of: tenant).arm().armed.first)
        let record = try await tenant.read { tx, _ in try tx.message(armed.message)?.record }
        #expect(record?.locale == .english)
    }
}
