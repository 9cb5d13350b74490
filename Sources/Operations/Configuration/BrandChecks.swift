import Dunning
import Postgres
import Store

/// What a brand must be, whoever asks.
enum BrandChecks {
    /// Everything wrong with a brand as it would be stored, warnings of its texts left out.
    static func problems(of brand: BrandRecord) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        func check(_ text: String?, _ rule: TextRule, _ pointer: String) {
            guard let text, let (code, detail) = rule.violation(in: text) else { return }
            problems.append(FieldProblem(pointer: pointer, code: code, detail: detail))
        }
        check(brand.name, .line(upTo: 200), "/name")
        check(brand.legalName, .line(upTo: 200), "/legal_name")
        check(brand.address, .lines(upTo: 1_000), "/address")
        check(brand.phone, .line(upTo: 50), "/phone")
        check(brand.fromName, .line(upTo: 100), "/from_name")
        check(brand.header, .lines(upTo: 10_000), "/header")
        check(brand.footer, .lines(upTo: 10_000), "/footer")
        if !(0...365).contains(brand.graceDays) {
            problems.append(
                FieldProblem(pointer: "/grace_days", code: "out_of_range", detail: "must be from 0 to 365"))
        }
        guard problems.isEmpty else { return problems }
        return lint(brand.header, as: .header) + lint(brand.footer, as: .footer)
    }

    /// Each gateway is of the kind it is used for. One that does not exist is left to its foreign key.
    static func checkGateways(of brand: BrandRecord, in tx: inout Transaction) throws {
        for (id, kind, pointer) in [
            (brand.gateway, GatewayRecord.Kind.smtp, "/gateway_id"), (brand.smsGateway, .sms, "/sms_gateway_id"),
        ] {
            guard let id, let gateway = try tx.gateway(id), gateway.kind != kind else { continue }
            throw Rejection.invalid(pointer, "wrong_kind", "must be a gateway of kind \(kind.rawValue)")
        }
    }

    private static func lint(_ text: String, as part: TemplatePart) -> [FieldProblem] {
        TemplateLint.problems(inBrandText: text, as: part).filter { $0.severity == .error }.map { $0.field }
    }
}

extension TemplateProblem {
    /// The problem as one of the request's field that holds the part.
    var field: FieldProblem {
        FieldProblem(
            pointer: "/\(part.rawValue)", code: code.rawValue, detail: "\(message) (line \(line), byte \(offset))")
    }
}
