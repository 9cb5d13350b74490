import Foundation
import Support
import Testing

extension Scenarios {
    @Suite struct `Workers side by side` {
        @Test func `one that is told to stop gives back what it has not begun`() async throws {
            let count = 300
            try await World.lend { world in
                let tenant = try await world.tenant(due: count, dots: 100)
                try await world.startWorker("first")
                var held = (claimed: 0, armed: 0)
                try await eventually("messages are claimed and armed", every: .milliseconds(5)) {
                    held = try await world.phases()
                    return held.claimed > 10 && held.armed > 0
                }
                let ending = try await world.terminate("first")
                print("held \(held), ended after \(ending.took)")
                #expect(ending.status == 0)
                #expect(ending.took < .seconds(30))
                let left = try await world.phases()
                #expect(left == (0, 0))
                #expect(
                    try await world.number("select count(*) from message where state in ('sending', 'unknown')") == 0)
                #expect(
                    try await world.number("select count(*) from message where state = 'accepted'")
                        == world.counts().accepted)
                #expect(try await world.number("select count(*) from q.worker where not dead") == 0)
                try await world.startWorker("second")
                try await world.settled()
                let check = try await DeliveryCheck(tenant, customers: Tenant.dueLines(count).map(\.customer))
                #expect(check.isClean && check.unknown.isEmpty && check.accepted == count, "\(check)")
            }
        }

        @Test func `one that is killed instead leaves its claims behind`() async throws {
            try await World.lend { world in
                _ = try await world.tenant(due: 300, dots: 100)
                try await world.startWorker("first")
                try await eventually("messages are claimed and armed", every: .milliseconds(5)) {
                    let held = try await world.phases()
                    return held.claimed > 10 && held.armed > 0
                }
                await world.kill("first")
                let left = try await world.phases()
                print("left behind: \(left)")
                #expect(left.claimed > 0)
            }
        }

        @Test func `one that comes later gets its part of the sessions`() async throws {
            try await World.lend { world in
                _ = try await world.tenant(due: 300, dots: 400)
                try await world.startWorker("first")
                try await eventually("all sessions are in use") { try await world.counts().waiting == 4 }
                try await world.startWorker("second")
                var most = 0
                try await eventually("both have armed", every: .milliseconds(10)) {
                    most = max(most, try await world.counts().waiting)
                    guard try await world.number("select count(*) from q.due where phase = 0 and kind = 'step'") > 0
                    else {
                        throw Unhelpful("the first worker took all of it")
                    }
                    return try await world.number("select count(distinct worker_id) from q.due where phase = 2") == 2
                }
                #expect(most <= 4)
            }
        }

        @Test func `one whose sessions another took while it stood still gets some back, and sends all it holds`()
            async throws
        {
            let count = 400
            try await World.lend { world in
                let tenant = try await world.tenant(due: count, dots: 100)
                try await world.startWorker("first")
                try await eventually("a lane full of messages is claimed", every: .milliseconds(5)) {
                    let held = try await world.phases()
                    return held.claimed > 80 && held.armed > 0
                }
                // What has begun before it stands still is seen through when it wakes: here all of it waits for its answer.
                try await eventually("all its mails wait for their answers", every: .milliseconds(2)) {
                    try await world.counts().waiting == 4
                }
                try world.signal("first", SIGSTOP)
                try await world.startWorker("second")
                try await eventually("the second has all sessions") {
                    let most = try await world.number(
                        """
                        select coalesce(max(seats), 0) from q.seat
                        where touched_at > clock_timestamp() - interval '2 s'
                        """)
                    let travelling = try await world.counts().waiting
                    return most == 4 && travelling == 4
                }
                try world.signal("first", SIGCONT)
                var most = 0
                try await eventually("all is sent", every: .milliseconds(20)) {
                    most = max(most, try await world.counts().waiting)
                    return try await world.number("select count(*) from q.due where kind = 'step'") == 0
                }
                print("most on the wire: \(most)")
                #expect(most <= 4)
                let check = try await DeliveryCheck(tenant, customers: Tenant.dueLines(count).map(\.customer))
                #expect(check.isClean && check.unknown.isEmpty && check.accepted == count, "\(check)")
            }
        }

        @Test func `a rolling restart loses nothing, and no gateway has more sessions than it allows`() async throws {
            let count = 400
            try await World.lend { world in
                let tenant = try await world.tenant(due: count, dots: 100)
                for name in ["a", "b"] { try await world.startWorker(name) }
                var most = 0
                try await eventually("both work", every: .milliseconds(10)) {
                    most = max(most, try await world.counts().waiting)
                    return try await world.number("select count(distinct worker_id) from q.due where phase > 0") == 2
                }
                for name in ["a", "b"] {
                    let ending = try await world.terminate(name)
                    #expect(ending.status == 0)
                    try await world.startWorker(name + "2")
                    most = max(most, try await world.counts().waiting)
                }
                try await eventually("all is sent", every: .milliseconds(50)) {
                    most = max(most, try await world.counts().waiting)
                    return try await world.number("select count(*) from q.due where kind = 'step'") == 0
                }
                let check = try await DeliveryCheck(tenant, customers: Tenant.dueLines(count).map(\.customer))
                print("at most \(most) on the wire")
                #expect(most <= 4)
                #expect(check.isClean && check.unknown.isEmpty && check.accepted == count, "\(check)")
                try await world.recoup("doctor")
            }
        }
    }
}
