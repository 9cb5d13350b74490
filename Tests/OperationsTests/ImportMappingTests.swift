import Dunning
import Postgres
import Testing

@testable import Operations

@Suite struct `The mapping of an import` {
    private func problems(_ json: String) -> [String] {
        do {
            _ = try ImportMapping(json: json)
            return []
        } catch Rejection.invalid(let problems) {
            return problems.map { "\($0.pointer) \($0.code)" }
        } catch {
            return ["\(error)"]
        }
    }

    private func mapping(_ fields: String, _ rest: String = "") -> String {
        "{\"fields\": {\"customer.external_id\": {\"column\": \"id\"}\(fields)}\(rest)}"
    }

    @Test func `columns, constants and patterns are read`() throws {
        let read = try ImportMapping(
            json: mapping(
                """
                , "contact.email": {"pattern": "{id}@{host}.test"}, "customer.kind": {"constant": "consumer"}
                """,
                ", \"brand\": \"Main\", \"date_format\": \"dd.MM.yyyy\", \"decimal\": \",\", \"delimiter\": \";\""))
        #expect(read.sources[.customerExternalID] == .column("id"))
        #expect(read.sources[.customerKind] == .constant("consumer"))
        let pattern = ImportMapping.Pattern("{id}@{host}.test")
        #expect(pattern?.parts == [.column("id"), .text("@"), .column("host"), .text(".test")])
        #expect(read.sources[.contactEmail] == pattern.map { .pattern($0) })
        #expect(read.brand == "Main" && read.dates.patterns.map(\.text) == ["dd.MM.yyyy"])
        #expect(read.numbers.decimal == "," && read.delimiter == UInt8(ascii: ";"))
    }

    @Test func `what is stored reads back as the same mapping`() throws {
        let whole = mapping(
            """
            , "customer.name": {"pattern": "a {b}"}, "invoice.external_id": {"column": "i/n"},
            "invoice.amount": {"column": "sum"}, "credit_note.external_id": {"column": "c"},
            "credit_note.amount": {"column": "m"}
            """,
            """
            , "delimiter": "|", "encoding": "windows-1252", "brand": "Main", "source": "erp",
            "date_formats": ["d.M.yyyy", "yyyyMMdd", "timestamp"], "decimal": ",", "grouping": "'",
            "minor_units": true, "negative": "credit_note", "version": "timestamp", "snapshot": true,
            "default_currency": "JPY"
            """)
        let json = mapping(", \"customer.name\": {\"column\": \"a.b\"}", ", \"format\": \"ndjson\"")
        for text in [whole, json, mapping("", ", \"delimiter\": \"auto\""), mapping("", ", \"delimiter\": \"\\t\"")] {
            let read = try ImportMapping(json: text)
            #expect(try ImportMapping(json: read.json.text) == read)
        }
        let read = try ImportMapping(json: whole)
        #expect(read.source == "erp" && read.isSnapshot && read.numbers.isMinor && read.defaultCurrency?.code == "JPY")
        #expect(read.columns == ["b", "c", "i/n", "id", "m", "sum"])
    }

    @Test func `declarations that leave something open or contradict each other are refused`() {
        #expect(
            problems(mapping("", ", \"date_formats\": [\"d/M/yyyy\", \"M/d/yyyy\"]")) == [
                "/date_formats ambiguous_dates"
            ])
        #expect(
            problems(mapping("", ", \"date_formats\": [\"yyyy-MM-dd\", \"dd/MM/yyyy\", \"M/d/yyyy\"]")) == [
                "/date_formats ambiguous_dates"
            ])
        #expect(problems(mapping("", ", \"date_formats\": [\"d/M/yyyy\", \"M-d-yyyy\"]")) == [])
        #expect(problems(mapping("", ", \"date_formats\": []")) == ["/date_formats wrong_type"])
        #expect(
            problems(mapping("", ", \"date_formats\": [\"yyyy\"], \"date_format\": \"yyyy-MM-dd\"")) == [
                "/date_format doubled"
            ])
        #expect(problems(mapping("", ", \"decimal\": \",\", \"grouping\": \",\"")) == ["/grouping same_as_decimal"])
        #expect(problems(mapping("", ", \"format\": \"ndjson\", \"delimiter\": \";\"")) == ["/delimiter csv_only"])
        for delimiter in ["a", "ab", "\\\"", "é", "\\n"] {
            #expect(problems(mapping("", ", \"delimiter\": \"\(delimiter)\"")).count == 1, "\(delimiter)")
        }
        for flag in ["1", "0", "\"true\"", "null"] {
            #expect(problems(mapping("", ", \"snapshot\": \(flag)")).first == "/snapshot wrong_type", "\(flag)")
        }
        for key in ["encoding", "negative", "version", "format"] {
            #expect(problems(mapping("", ", \"\(key)\": \"x\"")) == ["/\(key) unknown_value"])
        }
        #expect(problems(mapping("", ", \"default_currency\": \"EURO\"")) == ["/default_currency unknown_currency"])
        #expect(
            problems(
                mapping(
                    ", \"invoice.external_id\": {\"column\": \"i\"}, \"invoice.amount\": {\"column\": \"a\"}, "
                        + "\"invoice.instalments\": {\"column\": \"x\"}", ", \"default_currency\": \"EUR\""))
                == ["/fields/invoice.instalments ndjson_only"])
    }

    @Test func `every problem is told at once, with its place`() {
        #expect(
            problems(
                """
                {"fields": {"customer.external_id": {"column": ""}, "customer.shoe": {"column": "a"},
                    "customer.name": {"column": "a", "constant": "b"}, "contact.email": {"pattern": "{a"},
                    "invoice.number": {"colum": "a"}}, "date_format": "m/d/y", "decimal": "x", "fieldz": 1, "brand": 7}
                """) == [
                    "/brand wrong_type", "/date_format unknown_format", "/decimal unknown_value",
                    "/fields/contact.email/pattern malformed_pattern", "/fields/customer.external_id/column wrong_type",
                    "/fields/customer.name wrong_type", "/fields/customer.shoe unknown_key",
                    "/fields/invoice.number/colum unknown_key", "/fieldz unknown_key",
                ])
    }

    @Test func `what the mapped fields need has to be mapped too`() {
        #expect(problems("{\"fields\": {}}") == ["/fields/customer.external_id required"])
        #expect(problems(mapping(", \"contact.name\": {\"column\": \"n\"}")) == ["/fields/contact.email required"])
        #expect(
            problems(mapping(", \"payment.amount\": {\"column\": \"n\"}")) == [
                "/fields/payment.value_date required", "/fields/payment.external_id required",
                "/fields/payment.currency required",
            ])
        #expect(
            problems(mapping(", \"invoice.number\": {\"column\": \"n\"}")) == [
                "/fields/invoice.external_id required", "/fields/invoice.amount required",
                "/fields/invoice.currency required",
            ])
        let payments = """
            {"default_currency": "EUR", "fields": {"payment.external_id": {"column": "a"},
                "payment.amount": {"column": "b"}, "payment.value_date": {"column": "c"}}}
            """
        #expect(problems(payments) == ["/fields/customer.external_id required"])
        let named = payments.replacing("}}}", with: "}, \"payment.invoice\": {\"column\": \"d\"}}}")
        #expect(problems(named) == [])
        #expect(
            problems(named.replacing("{\"default", with: "{\"snapshot\": true, \"default")) == [
                "/fields/invoice.external_id required"
            ])
        #expect(problems("[]") == [" wrong_type"])
        #expect(problems("{") == [" malformed_json"])
        #expect(problems("{}") == ["/fields required"])
    }
}

@Suite struct `Declared dates` {
    @Test(arguments: [
        ("M/d/yyyy", "1/2/2013", "2013-01-02"), ("M/d/yyyy", "12/31/2013", "2013-12-31"),
        ("yyyy-MM-dd", "2024-02-29", "2024-02-29"), ("dd.MM.yyyy", "05.11.2026", "2026-11-05"),
        ("yyyyMMdd", "20261105", "2026-11-05"), ("d. M. yyyy", "5. 1. 2026", "2026-01-05"),
    ]) func `are read`(_ format: String, _ text: String, _ day: String) throws {
        #expect(try #require(DatePattern(format)).day(text) == Day(day))
    }

    @Test(arguments: [
        ("M/d/yyyy", "13/1/2013"), ("M/d/yyyy", "1-2-2013"), ("M/d/yyyy", "1/2/13"), ("M/d/yyyy", "1/2/20130"),
        ("M/d/yyyy", ""), ("M/d/yyyy", "1/2/2013 "), ("yyyy-MM-dd", "2023-02-29"), ("yyyy-MM-dd", "2023-2-09"),
        ("dd.MM.yyyy", "5.11.2026"), ("M/d/yyyy", "１/2/2013"),
    ]) func `in another form are none`(_ format: String, _ text: String) throws {
        #expect(try #require(DatePattern(format)).day(text) == nil)
    }

    @Test(arguments: ["", "yyyy", "yyyy-MM", "yy-MM-dd", "Mdyyyy", "yyyy-MM-ddThh", "yyyy-MM-dd-dd", "y-M-d"])
    func `need a format that leaves no doubt`(_ format: String) {
        #expect(DatePattern(format) == nil)
    }
}
