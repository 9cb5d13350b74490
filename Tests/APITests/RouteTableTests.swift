import Hummingbird
import Support
import Testing

@testable import recoup_api

@Suite struct `The route table` {
    @Test func `has every route of openapi_yaml, and openapi_yaml has every route of it`() async throws {
        try await RunningAPI.run { api in
            let routes = Set(
                Route.router(api.world, logger: TestServer.quiet).routes.map {
                    "\($0.method.rawValue) \($0.path.description)"
                })
            let described = Set(try Description.shared.get().operations.map { "\($0.method) \($0.path)" })
            #expect(routes.subtracting(described).sorted() == [])
            #expect(described.subtracting(routes).sorted() == [])
            #expect(Route.table.count == routes.count)
        }
    }

    @Test func `asks for the kind of key and takes the parameters that openapi_yaml says`() throws {
        let description = try Description.shared.get()
        for route in Route.table {
            let operation = try #require(description.operation(route.method.rawValue, at: route.path), "\(route.path)")
            let needed: Route.Access =
                switch operation.body["security"]?.elements?.first?.members.keys.first {
                case nil: .anybody
                case "platformKey"?: .platform
                default: .tenant
                }
            #expect(route.access == needed, "\(route.method) \(route.path)")
            let parameters = operation.body["parameters"]?.elements ?? []
            let names = parameters.map(description.resolved).filter { $0["in"]?.text == "query" }.compactMap {
                $0["name"]?.text
            }
            #expect(names == route.query, "\(route.method) \(route.path)")
        }
    }

    @Test func `is described well: names, summaries, and every problem`() throws {
        var names: Set<String> = []
        for operation in try Description.shared.get().operations {
            let place = "\(operation.method) \(operation.path)"
            let name = try #require(operation.body["operationId"]?.text, "\(place)")
            #expect(names.insert(name).inserted, "\(name) is there twice")
            #expect(operation.body["summary"]?.text?.isEmpty == false, "\(place)")
            let security = try #require(operation.body["security"]?.elements, "\(place)")
            var needed: Set<String> = ["400", "500"]
            if !security.isEmpty { needed.formUnion(["401", "403", "503"]) }
            if operation.path.contains("{") { needed.insert("404") }
            if operation.body["requestBody"] != nil { needed.formUnion(["413", "415", "422"]) }
            #expect(needed.subtracting(operation.statuses) == [], "\(place)")
            #expect(operation.statuses.contains { $0.hasPrefix("2") }, "\(place)")
        }
    }

    @Test func `refuses unknown members in every request, and shows an example of each`() throws {
        let description = try Description.shared.get()
        var count = 0
        for operation in description.operations {
            guard let content = operation.body["requestBody"]?["content"]?["application/json"] else { continue }
            let schema = description.resolved(try #require(content["schema"]))
            #expect(schema["additionalProperties"] == .bool(false), "\(operation.path)")
            #expect(content["example"] != nil, "\(operation.path)")
            count += 1
        }
        #expect(count > 10)
    }
}
