import HTTPTypes
import Hummingbird
import Logging

/// Around every request: its id, its line in the log, and the one place where errors become problems.
struct Frame: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        context.requestID = Self.requestID(of: request) ?? Self.newID()
        var logger = logger
        logger[metadataKey: "request_id"] = "\(context.requestID)"
        context.logger = logger
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = refuse(error, request, context)
        }
        response.headers[.requestID] = context.requestID
        response.headers[.cacheControl] = response.headers[.cacheControl] ?? "no-store"
        let elapsed = ContinuousClock.now - start
        context.logger.info(
            "request",
            metadata: [
                "method": "\(request.method)",
                // The route, not the address: ids of people's things stay out of logs and labels.
                "route": "\(context.endpointPath ?? "-")",
                "status": "\(response.status.code)",
                "milliseconds": "\(elapsed.milliseconds)",
                "caller": "\(context.admitted.caller ?? "-")",
            ])
        return response
    }

    private func refuse(_ error: any Error, _ request: Request, _ context: APIContext) -> Response {
        let problem = Problem(error, for: request)
        if problem.status >= 500 {
            context.logger.error(
                "request failed", metadata: ["code": "\(problem.code)", "cause": "\(Problem.cause(of: error))"])
        }
        return problem.response(requestID: context.requestID)
    }

    /// The caller's own id when it is harmless, so that both sides find the request in their logs.
    private static func requestID(of request: Request) -> String? {
        guard let given = request.headers[.requestID], (8...64).contains(given.utf8.count),
            given.utf8.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            })
        else { return nil }
        return given
    }

    private static func newID() -> String {
        let digits = String(UInt64.random(in: 0 ... .max), radix: 36)
        return "req_" + String(repeating: "0", count: 13 - digits.count) + digits
    }
}

extension HTTPField.Name {
    /// A literal that is a valid name.
    static let requestID = HTTPField.Name("X-Request-Id")!
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
