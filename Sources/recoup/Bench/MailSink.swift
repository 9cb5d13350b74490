import Foundation

/// A server that takes every mail, of Postfix or of this build.
enum MailSink {
    /// Takes mails as fast as it can and forgets them.
    static func postfix(port: Int, log: URL) throws -> Process {
        guard let tool = find("smtp-sink") else {
            throw Complaint("smtp-sink is not there: install Debian's package postfix")
        }
        let user = geteuid() == 0 ? ["-u", "postfix"] : []
        return try ThrowawayServer.start([tool] + user + ["127.0.0.1:\(port)", "1000"], log: log)
    }

    /// Answers each final dot after that many milliseconds.
    static func sandbox(port: Int, page: Int, delay: Int, log: URL) throws -> Process {
        try sandbox(
            port: port, page: page,
            script: #"[{"stage": "dot", "action": "accept", "delay": {"ms": \#(delay)}}]"#, log: log)
    }

    /// Does what a script of reactions says.
    static func sandbox(port: Int, page: Int, script: String, log: URL) throws -> Process {
        let process = try ThrowawayServer.start(
            [Bundle.main.bundleURL.appending(path: "recoup-sandbox").path],
            environment: ProcessInfo.processInfo.environment.merging([
                "SANDBOX_SMTP_PORT": "\(port)", "SANDBOX_HTTP_PORT": "\(page)", "LOG_LEVEL": "warning",
            ]) { $1 }, log: log)
        try ThrowawayServer.eventually("the sandbox answers") {
            (try? ThrowawayServer.run([
                "curl", "-sf", "-X", "PUT", "--data", script, "http://127.0.0.1:\(page)/reactions",
            ])) != nil
        }
        return process
    }

    /// Mails a second of Postfix's own sender.
    static func source(port: Int, sessions: Int, mails: Int, bytes: Int) throws -> Double {
        guard let tool = find("smtp-source") else {
            throw Complaint("smtp-source is not there: install Debian's package postfix")
        }
        let begin = ContinuousClock.now
        try ThrowawayServer.run([
            tool, "-d", "-s", "\(sessions)", "-m", "\(mails)", "-l", "\(bytes)", "-f", "billing@bench.example", "-t",
            "debtor@bench.example", "127.0.0.1:\(port)",
        ])
        return Double(mails) / (ContinuousClock.now - begin).inSeconds
    }

    private static func find(_ tool: String) -> String? {
        ["/usr/sbin", "/usr/bin", "/usr/local/sbin"].map { "\($0)/\(tool)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
