import Foundation

/// What Python's own mail parser makes of a message: a second opinion that shares no line with ours.
struct PythonMail: Decodable {
    struct Part: Decodable {
        var type: String
        var text: String
    }

    var headers: [[String]]
    var defects: [String]
    var parts: [Part]
    var fromName: String
    var toAddress: String

    subscript(_ name: String) -> String? {
        headers.first { $0[0] == name }?[1]
    }

    init(parsing bytes: [UInt8]) throws {
        let program = #"""
            import email, email.header, email.policy, email.utils, json, sys
            source = sys.stdin.buffer.read()
            mail = email.message_from_bytes(source, policy=email.policy.default)
            # The newer parser leaves the blank between two encoded words of a name; the older one reads them right.
            name, _ = email.utils.parseaddr(email.message_from_bytes(source)["From"])
            name = str(email.header.make_header(email.header.decode_header(name)))
            defects = [str(d) for part in mail.walk() for d in part.defects]
            defects += [str(d) for _, value in mail.items() for d in getattr(value, "defects", [])]
            print(json.dumps({
                "headers": [[k, str(v)] for k, v in mail.items()], "defects": defects,
                "parts": [{"type": p.get_content_type(), "text": p.get_content()} for p in mail.iter_parts()],
                "fromName": name, "toAddress": mail["To"].addresses[0].addr_spec}))
            """#
        let process = Process(), input = Pipe(), output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(bytes))
        try input.fileHandleForWriting.close()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        self = try JSONDecoder().decode(PythonMail.self, from: answer)
    }
}
