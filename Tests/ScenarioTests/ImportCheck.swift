/// Looks for rows of an imported file that are missing in the books, or there more than once: against the lines alone.
struct ImportCheck: Sendable, CustomStringConvertible {
    let missing: [String]
    let surplus: [String]
    let facts: Int

    var description: String {
        "\(missing.count) missing, such as \(missing.prefix(3)), \(surplus.count) too many, such as \(surplus.prefix(3))"
    }

    var isClean: Bool { missing.isEmpty && surplus.isEmpty }

    init(of tenant: Tenant, against lines: [Tenant.Line]) async throws {
        let found = try await tenant.world.sql(
            "select b.fact from (\(Self.book)) b join tenant t using (tenant_id) where t.name = '\(tenant.name)'")
        let expected = Self.facts(of: lines)
        var difference = Dictionary(expected.map { ($0, -1) }, uniquingKeysWith: +)
        for row in found { difference[row[0], default: 0] += 1 }
        missing = difference.filter { $0.value < 0 }.keys.sorted()
        surplus = difference.filter { $0.value > 0 }.keys.sorted()
        facts = expected.count
    }

    private static func facts(of lines: [Tenant.Line]) -> [String] {
        var facts: [String] = []
        for line in lines {
            let isOpen = line.paid.isEmpty
            facts.append(
                "invoice|\(line.customer)|\(line.invoice)|\(line.due)|\(line.cents)|\(isOpen ? line.cents : 0)")
            if !isOpen { facts.append("payment|\(line.customer)|\(line.cents)|0|\(line.paid)") }
        }
        for (customer, lines) in Dictionary(grouping: lines, by: \.customer) {
            let open = lines.filter(\.paid.isEmpty)
            facts.append("customer|\(customer)|\(Tenant.address(of: customer))|\(Ledger.sum(open))")
            if !open.isEmpty { facts.append("case|\(customer)|active|1") }
        }
        return facts
    }

    /// One line for each thing, by the names it has outside.
    private static let book = """
        select i.tenant_id,
            concat_ws('|', 'invoice', c.external_id, i.external_id, i.due_date, i.total,
                (select sum(e.amount) from ledger_entry e where (e.tenant_id, e.invoice_id) = (i.tenant_id, i.invoice_id))) as fact
        from invoice i join customer c using (tenant_id, customer_id)
        union all
        select p.tenant_id, concat_ws('|', p.kind, c.external_id, p.amount, p.unallocated, p.value_date)
        from payment p join customer c using (tenant_id, customer_id)
        union all
        select c.tenant_id,
            concat_ws('|', 'customer', c.external_id, k.email,
                (select sum(e.amount) from ledger_entry e where (e.tenant_id, e.customer_id) = (c.tenant_id, c.customer_id)))
        from customer c left join contact k using (tenant_id, customer_id)
        union all
        select e.tenant_id,
            concat_ws('|', 'case', c.external_id, e.status,
                (select count(*) from step_run s
                where (s.tenant_id, s.enrolment_id) = (e.tenant_id, e.enrolment_id) and s.state = 'planned'))
        from enrolment e join customer c using (tenant_id, customer_id)
        """
}
