import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Serves the pages and the control API until the group stops.
struct HTTPServer: Service {
    let settings: Settings
    let journal: Journal
    let book: ReactionBook
    let texts: TextDesk
    let board: AddressBoard
    let logger: Logger

    func run() async throws {
        let router = Router(context: SandboxContext.self)
        ControlRoutes(journal: journal, book: book, board: board).add(to: router)
        PageRoutes(journal: journal, texts: texts.journal, board: board).add(to: router)
        TextGatewayRoutes(desk: texts).add(to: router)
        TextControlRoutes(desk: texts).add(to: router)
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname(settings.host, port: settings.httpPort)),
            onServerRunning: { [board] channel in board.httpListens(on: channel.localAddress?.port ?? 0) },
            logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            let place = "\(settings.host):\(settings.httpPort)"
            throw SettingsError(key: "sandbox.httpPort", message: "cannot listen on \(place): \(error)")
        }
    }
}
