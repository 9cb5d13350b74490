/// One command line, understood (RFC 5321, 4.1; AUTH by RFC 4954).
enum SMTPCommand: Sendable, Equatable {
    case ehlo(String)
    case helo(String)
    case auth(mechanism: String, initial: String?)
    case mail(from: String, size: Int?)
    case rcpt(to: String)
    case data, rset, noop, quit, vrfy, help

    init(parsing line: String) throws(SMTPRefusal) {
        let verb = line.prefix { $0 != " " }
        let rest = line.dropFirst(verb.count).drop { $0 == " " }
        switch verb.uppercased() {
        case "EHLO": self = .ehlo(try Self.name(rest))
        case "HELO": self = .helo(try Self.name(rest))
        case "AUTH": self = try Self.auth(rest)
        case "MAIL": self = try Self.mail(rest)
        case "RCPT": self = try Self.rcpt(rest)
        case "DATA": self = try Self.alone(.data, rest)
        case "RSET": self = try Self.alone(.rset, rest)
        case "QUIT": self = try Self.alone(.quit, rest)
        case "NOOP": self = .noop
        case "VRFY": self = .vrfy
        case "HELP": self = .help
        // Known commands that this server chooses not to offer, answered in the words of RFC 5321 section 4.2.4.
        case "STARTTLS", "EXPN", "BDAT", "TURN", "ETRN": throw SMTPRefusal(502, "5.5.1 command not implemented")
        default: throw SMTPRefusal(500, "5.5.1 command not recognised")
        }
    }

    private static func alone(_ command: SMTPCommand, _ rest: Substring) throws(SMTPRefusal) -> SMTPCommand {
        guard rest.isEmpty else { throw SMTPRefusal(501, "5.5.4 no argument is allowed here") }
        return command
    }

    private static func name(_ rest: Substring) throws(SMTPRefusal) -> String {
        guard !rest.isEmpty, !rest.contains(" ") else { throw SMTPRefusal(501, "5.5.4 give one host name") }
        return String(rest)
    }

    private static func auth(_ rest: Substring) throws(SMTPRefusal) -> SMTPCommand {
        let words = rest.split(separator: " ")
        guard let mechanism = words.first, words.count <= 2 else { throw SMTPRefusal(501, "5.5.4 AUTH mechanism") }
        return .auth(mechanism: mechanism.uppercased(), initial: words.count == 2 ? String(words[1]) : nil)
    }

    private static func mail(_ rest: Substring) throws(SMTPRefusal) -> SMTPCommand {
        guard let (address, parameters) = path(rest, after: "FROM:") else {
            throw SMTPRefusal(501, "5.5.4 say MAIL FROM:<address>")
        }
        guard address.isEmpty || Address.isValid(address) else { throw SMTPRefusal(501, "5.1.7 bad sender address") }
        var size: Int?
        for parameter in parameters {
            let pair = parameter.split(separator: "=", maxSplits: 1)
            switch (pair[0].uppercased(), pair.count == 2 ? pair[1].uppercased() : nil) {
            case ("SIZE", let value?):
                guard let number = Int(value), number >= 0 else { throw SMTPRefusal(501, "5.5.4 SIZE is a number") }
                size = number
            case ("AUTH", _?), ("BODY", "7BIT"?): break
            default: throw SMTPRefusal(555, "5.5.4 parameter not supported")
            }
        }
        return .mail(from: address, size: size)
    }

    private static func rcpt(_ rest: Substring) throws(SMTPRefusal) -> SMTPCommand {
        guard let (address, parameters) = path(rest, after: "TO:") else {
            throw SMTPRefusal(501, "5.5.4 say RCPT TO:<address>")
        }
        guard Address.isValid(address) || address.lowercased() == "postmaster" else {
            throw SMTPRefusal(501, "5.1.3 bad recipient address")
        }
        guard parameters.isEmpty else { throw SMTPRefusal(555, "5.5.4 parameter not supported") }
        return .rcpt(to: address)
    }

    /// Splits `FROM:<address> KEY=value …`. A space after the colon is forgiven, as nearly all relays do.
    private static func path(_ rest: Substring, after keyword: String) -> (String, [Substring])? {
        guard rest.prefix(keyword.count).uppercased() == keyword else { return nil }
        let open = rest.dropFirst(keyword.count).drop { $0 == " " }
        guard open.first == "<" else { return nil }
        var isQuoted = false
        var isEscaped = false
        var index = open.index(after: open.startIndex)
        while index < open.endIndex {
            let character = open[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == ">", !isQuoted {
                break
            }
            index = open.index(after: index)
        }
        guard index < open.endIndex else { return nil }
        let tail = open[open.index(after: index)...]
        guard tail.isEmpty || tail.first == " " else { return nil }
        return (String(open.dropFirst()[..<index]), tail.split(separator: " "))
    }
}
