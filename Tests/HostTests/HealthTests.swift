import Testing

@testable import Host

@Suite struct `The health of a process` {
    @Test func `it is ready when every check is, and says which is not`() async {
        let health = Health(ready: [.init("database") { .ok }, .init("schema") { .failed("migration 7 is missing") }])
        let report = await health.ready()
        #expect(!report.isOK)
        #expect(
            report.json == #"{"checks":{"database":"ok","schema":"failed: migration 7 is missing"},"status":"failed"}"#)
    }

    @Test func `it is alive without asking the database`() async {
        let health = Health(ready: [.init("database") { .failed("away") }])
        #expect(await health.live().isOK)
        #expect(await health.live().json == #"{"checks":{},"status":"ok"}"#)
    }

    @Test func `it is not ready any more once a stop has begun`() async {
        let health = Health(ready: [.init("database") { .ok }])
        #expect(await health.ready().isOK)
        health.drain()
        #expect(await health.ready().json == #"{"checks":{"process":"failed: stopping"},"status":"failed"}"#)
        #expect(await health.live().isOK)
    }

    @Test func `a check that does not answer has failed`() async {
        let slow = Health.Check("database") {
            try? await Task.sleep(for: .seconds(600))
            return .ok
        }
        let report = await Health(ready: [slow, .init("other") { .ok }], limit: .milliseconds(20)).ready()
        #expect(report.checks["other"] == .ok)
        #expect(report.checks["database"] == .failed("no answer within 0.02 seconds"))
    }
}
