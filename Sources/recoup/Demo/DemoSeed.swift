import ArgumentParser
import Dunning
import Host
import Operations
import Postgres
import Store

struct DemoSeed: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Makes an activated tenant with invented customers, or finds it; prints its id and a new key.")

    static let name = "Demo"
    static let customers = 40
    static let zone = Zone("America/New_York")!

    func run(at desk: Desk) async throws {
        guard let sandbox = desk.host.sandboxList.first else {
            throw Complaint(
                "SANDBOX_GATEWAYS names no pretended gateway, so there is nowhere to send the demonstration's mail")
        }
        let tenant = try await tenant(at: desk)
        try await makeBrand(of: tenant.id, sending: sandbox, at: desk)
        // A seeding that was interrupted goes on here: what is there already counts as unchanged.
        if tenant.mode == .shadow {
            try await fill(tenant.id, at: desk)
            try await activate(tenant.id, at: desk)
        }
        let context = try await desk.context(tenant.id)
        let key = try await desk.database(.api).write(as: .tenant(tenant.id)) { tx in
            try CreateKey(name: "demo").run(in: &tx, context).token
        }
        print("RECOUP_TENANT=\(tenant.id)")
        print("RECOUP_KEY=\(key.revealed)")
    }

    private func tenant(at desk: Desk) async throws -> TenantRecord {
        if let found = try await desk.everyTenant().last(where: { $0.name == Self.name }) { return found }
        let context = try await desk.context(.make(at: try await desk.now()))
        return try await desk.database(.api).write(as: .tenant(context.tenant)) { tx in
            try CreateTenant(name: Self.name).run(in: &tx, context)
        }
    }

    private func makeBrand(of tenant: ID<Tenant>, sending sandbox: Endpoint, at desk: Desk) async throws {
        let context = try await desk.context(tenant)
        let (sandboxes, secrets) = (desk.host.sandboxes, try desk.secrets())
        try await desk.database(.api).write(as: .tenant(tenant)) { tx in
            let checks = GatewayChecks { host, port in sandboxes.contains(Endpoint(host: host, port: port)) }
            // The pretended server may have had to move to another port since the last start.
            for moved in try tx.gateways(Page(count: 10))
            where !sandboxes.contains(Endpoint(host: moved.host, port: moved.port)) {
                _ = try ChangeGateway(moved.id, host: .to(sandbox.host), port: .to(sandbox.port))
                    .run(in: &tx, context, checks: checks, secrets: secrets)
            }
            guard try tx.brands(Page(count: 1)).isEmpty else { return }
            let gateway = try CreateGateway(name: "Sandbox", host: sandbox.host, port: sandbox.port, tls: .none)
                .run(in: &tx, context, checks: checks, secrets: secrets)
            let calendar = try tx.calendars(Page(count: 100)).first { $0.rule == .usFederal }
            _ = try CreateBrand(
                name: "Larkfield Supply", legalName: "Larkfield Supply Company, Inc.",
                address: "18 Mill Street\nHudson, NY 12534", phone: "+1 518 555 0134",
                fromAddress: try EmailAddress("billing@larkfield.example"), zone: Self.zone, calendar: calendar?.id,
                gateway: gateway.id
            ).run(in: &tx, context)
        }
    }

    private func fill(_ tenant: ID<Tenant>, at desk: Desk) async throws {
        let context = try await desk.context(tenant)
        var ledger = DemoLedger(seed: 2, today: Self.zone.day(of: context.now))
        let receive = ReceiveImport(.given(try ImportMapping(json: DemoLedger.mapping)), fileName: "demo.csv")
        let bytes = Array(ledger.csv(customers: Self.customers).utf8)
        let id = try await receive.run(FileChunks(bytes), on: desk.database(.bulk), context)
        // While nothing is running yet, this command is the worker.
        if try await desk.isWorkerAlive() {
            _ = try await ImportWatch(id: id, desk: desk, context: context).untilItEnds()
        } else {
            _ = try await RunImport(id).run(on: desk.database(.bulk)) { context }
        }
    }

    private func activate(_ tenant: ID<Tenant>, at desk: Desk) async throws {
        let context = try await desk.context(tenant)
        try await desk.database(.bulk).write(as: .tenant(tenant)) { tx in
            guard case .preview(let preview) = try Activate(policy: .byAgeCapped(2)).run(in: &tx, context) else {
                return
            }
            _ = try Activate(policy: .byAgeCapped(2), confirmation: preview.confirmation).run(in: &tx, context)
        }
    }
}
