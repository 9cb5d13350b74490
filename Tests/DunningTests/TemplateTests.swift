import Dunning
import Testing

@Suite struct `A template` {
    typealias Fixture = MessageFixture

    // MARK: Fields

    @Test func `writes every field of the message`() throws {
        let source = """
            {{customer.name}}|{{customer.external_id}}|{{contact.name}}|{{brand.name}}|{{brand.legal_name}}|\
            {{brand.reply_to}}|{{brand.phone}}|{{today}}|{{total}}|{{currency}}|{{stage}}|{{invoice_count}}|\
            {{oldest_days_overdue}}|{{oldest_due_date}}|{{credit}}|{{unlisted_count}}|{{ brand.address }}
            """
        #expect(
            try Fixture.text(source) == """
                Acme Corp|C-77|Anna Smith|Northwind|Northwind Trading Inc.|billing@northwind.example|\
                +1 207 555 0100|November 24, 2026|$2,469.00|USD|1|2|21|November 3, 2026|||1 Harbor Way
                Portland, ME 04101
                """)
    }

    @Test func `looks names up from the inside out`() throws {
        let source = """
            {{total}}{{#sections}} [{{currency}} {{total}} {{invoice_count}}:{{#invoices}} {{number}} {{total}} \
            {{open}} {{currency}} {{days_overdue}} {{issue_date}} {{due_date}} {{invoice_count}} \
            {{brand.name}};{{/invoices}}{{#credit}} credit {{credit}}{{/credit}}]{{/sections}}
            """
        #expect(
            try Fixture.text(source, facts: Fixture.facts(sections: Fixture.twoCurrencies)) == """
                $2,469.00 + €1,234.50 [USD $2,469.00 2: INV-1000 $2,000.00 $1,234.50 USD 21 Oct 4, 2026 Nov 3, 2026 2 \
                Northwind; \
                INV-1001 $2,000.00 $1,234.50 USD 20 Oct 4, 2026 Nov 4, 2026 2 Northwind;] \
                [EUR €1,234.50 1: INV-1000 €2,000.00 €1,234.50 EUR 21 Oct 4, 2026 Nov 3, 2026 1 Northwind; credit €5.00]
                """)
    }

    @Test func `lists the invoices of all currencies at the top level`() throws {
        let facts = Fixture.facts(sections: Fixture.twoCurrencies)
        #expect(
            try Fixture.text("{{#invoices}}{{open}} of {{invoice_count}}. {{/invoices}}{{credit}}", facts: facts)
                == "$1,234.50 of 3. $1,234.50 of 3. €1,234.50 of 3. €5.00")
    }

    @Test func `writes an optional field's section only when it is there, and the inverted one when not`() throws {
        let source =
            "{{#contact.name}}Dear {{contact.name}}{{/contact.name}}"
            + "{{^contact.name}}Dear {{customer.name}}{{/contact.name}}"
        #expect(try Fixture.text(source) == "Dear Anna Smith")
        #expect(try Fixture.text(source, facts: Fixture.facts(contact: nil)) == "Dear Acme Corp")
        #expect(try Fixture.text(source, facts: Fixture.facts(contact: "  ")) == "Dear Acme Corp")
        #expect(try Fixture.text("{{^invoices}}none{{/invoices}}{{#invoices}}x{{/invoices}}") == "xx")
        #expect(try Fixture.text("{{^invoices}}none{{/invoices}}", facts: Fixture.facts(sections: [])) == "none")
    }

    @Test func `counts days overdue from the due date and never below nothing`() throws {
        let facts = Fixture.facts(sections: [.init(summing: Fixture.lines(1, Fixture.usd, due: "2026-11-27"))!])
        #expect(
            try Fixture.text("{{oldest_days_overdue}} {{#invoices}}{{days_overdue}}{{/invoices}}", facts: facts)
                == "0 0")
    }

    @Test func `lists two hundred invoices and counts the rest`() throws {
        let facts = Fixture.facts(sections: [.init(summing: Fixture.lines(1_234, Fixture.usd))!])
        let text = try Fixture.text(
            "{{#sections}}{{#invoices}}x{{/invoices}}{{unlisted_count}} {{invoice_count}} {{total}}{{/sections}}",
            facts: facts)
        #expect(text == String(repeating: "x", count: 200) + "1,034 1,234 $1,523,373.00")
        #expect(try Fixture.text("{{unlisted_count}}", facts: facts) == "1,034")
    }

    // MARK: Layout

    @Test func `takes section tags on lines of their own away with the line`() throws {
        let source =
            "a\n  {{#invoices}}  \n- {{number}}\n\t{{/invoices}}\nb {{#credit}}\nc{{/credit}}\n"
            + "{{^credit}}\nd\n{{/credit}}"
        #expect(try Fixture.text(source) == "a\n- INV-1000\n- INV-1001\nb \nd\n")
        #expect(try Fixture.text(source.replacing("\n", with: "\r\n")) == "a\n- INV-1000\n- INV-1001\nb \nd\n")
        #expect(try Fixture.text(source.replacing("\n", with: "\r")) == "a\n- INV-1000\n- INV-1001\nb \nd\n")
        #expect(try Fixture.text("{{#invoices}}\n{{/invoices}}\n") == "")
    }

    @Test func `puts the brand's texts in place, escaped and with their lines in html`() throws {
        let brand = Fixture.brand(
            header: "{{brand.name}} & <Co>\n", footer: "Call {{brand.phone}}\n{{brand.address}}\n\n")
        let facts = Fixture.facts(brand: brand)
        #expect(
            try Fixture.text("{{> header}}\nHi\n{{>footer}}", facts: facts)
                == "Northwind & <Co>\nHi\nCall +1 207 555 0100\n1 Harbor Way\nPortland, ME 04101\n")
        #expect(
            try Fixture.html("<p>{{> header}}</p>{{> footer }}", facts: facts)
                == "<p>Northwind &amp; &lt;Co&gt;</p>Call +1 207 555 0100<br>\n1 Harbor Way<br>\nPortland, ME 04101")
    }

    @Test func `leaves no line for a brand text that is empty`() throws {
        let facts = Fixture.facts(brand: Fixture.brand(header: "", footer: " \n"))
        #expect(try Fixture.text("{{> header}}\nHi\n{{> footer}}\n", facts: facts) == "Hi\n")
    }

    // MARK: Escaping

    @Test func `escapes values in html and nowhere else`() throws {
        let facts = Fixture.facts(customer: "<b>\"O'Neil\" & Sons</b>")
        #expect(
            try Fixture.html("<i title=\"{{customer.name}}\">{{customer.name}}</i>", facts: facts).contains(
                "<i title=\"&lt;b&gt;&quot;O&#39;Neil&quot; &amp; Sons&lt;/b&gt;\">&lt;b&gt;"))
        #expect(try Fixture.text("{{customer.name}}", facts: facts) == "<b>\"O'Neil\" & Sons</b>")
        #expect(try Fixture.render(subject: "{{customer.name}}", facts: facts).subject == "<b>\"O'Neil\" & Sons</b>")
    }

    @Test func `cleans values of controls and of marks that turn text round`() throws {
        let facts = Fixture.facts(
            customer: "A\r\nBcc: x\0\u{1B}\u{85}B\u{2028}C\u{202E}D\u{2066}E\u{7F}\tF — ü€😀\u{A0}")
        let expected = "A  Bcc: x   B CDE  F — ü€😀\u{A0}"
        #expect(try Fixture.text("{{customer.name}}", facts: facts) == expected)
        #expect(try Fixture.html("{{customer.name}}", facts: facts) == expected)
    }

    @Test func `makes every subject one trimmed line of bounded length`() throws {
        let facts = Fixture.facts(customer: "A\r\nBcc: x\u{2029}\u{202E}" + String(repeating: "n", count: 500))
        let subject = try Fixture.render(subject: "  Re:   {{customer.name}} ", facts: facts).subject
        #expect(subject.hasPrefix("Re: A Bcc: x nnn"))
        #expect(subject.count == Renderer.subjectLimit)
        #expect(subject.hasSuffix("n…"))
        #expect(throws: RenderError.subjectEmpty) {
            try Fixture.render(subject: "{{#credit}}Credit{{/credit}}")
        }
    }
}

@Suite struct `The table of fields` {
    @Test func `has one entry per name and scope, each described`() {
        let keys = TemplateField.allCases.map { "\($0.scope.rawValue) \($0.name)" }
        #expect(Set(keys).count == keys.count)
        #expect(TemplateField.allCases.allSatisfy { $0.description.hasSuffix(".") })
        #expect(!TemplateField.invoices.isAllowed(in: .subject))
        #expect(TemplateField.total.isAllowed(in: .subject))
    }

    @Test func `can be written where it says`() throws {
        for field in TemplateField.allCases {
            let use = field.kind == .list ? "{{#\(field.name)}}{{/\(field.name)}}" : "{{\(field.name)}}"
            let source =
                switch field.scope {
                case .message: use
                case .section: "{{#sections}}\(use){{/sections}}"
                case .invoice: "{{#invoices}}\(use){{/invoices}}"
                }
            #expect(try CompiledTemplate(source, as: .text).fields.contains(field))
            let form = "{{#\(field.name).few}}{{/\(field.name).few}}"
            let forms =
                field.scope == .section ? "{{#sections}}\(form){{/sections}}" : "{{#invoices}}\(form){{/invoices}}"
            let compiled = try? CompiledTemplate(forms, as: .text)
            #expect((compiled != nil) == field.isCount, "\(field)")
        }
    }
}
