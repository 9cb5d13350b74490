package import Curl

/// What came of one text message on the wire, by the gateway's recipe; pure, so that every row of the table is a test.
///
/// A request whose body was handed over completely and whose answer is missing, unreadable or a fault of the server is unknown:
/// it is never sent again by itself. Only an answer that says no, and one that cannot have been preceded by the request, is a
/// refusal.
package func classify(_ exchange: HTTPExchange, by recipe: SMSRecipe) -> WireOutcome {
    let isComplete = exchange.curlCode == .ok
    // A longer answer than anybody needs still has a status that was read in full.
    guard isComplete || exchange.curlCode == .writeError else { return broken(exchange) }
    let answer = recipe.answer
    let fields = isComplete ? AnswerFields(exchange.answer, .json) : nil
    let code = fields?[answer.code]
    let words = TextWords.redacted(fields?[answer.text] ?? "the gateway answered \(exchange.status)")
    func refused(_ kind: Refusal.Kind, strikes: Bool = false) -> WireOutcome {
        .refused(
            Refusal(
                kind: kind, code: exchange.status, enhanced: code, text: words,
                retryAfter: retryAfter(exchange), stage: "answer", curlCode: Int(exchange.curlCode.rawValue),
                strikesGateway: strikes))
    }
    if answer.accepted.contains(exchange.status), answer.success == nil || fields != nil {
        let saysYes = answer.success.map { $0.equals.contains(fields?[$0.path] ?? "") } ?? true
        if saysYes {
            guard answer.id == nil || fields != nil else {
                return .unknown(evidence: "\(exchange.status), unreadable answer")
            }
            return .accepted(
                Acceptance(
                    code: exchange.status, enhanced: nil, text: "",
                    providerID: fields?[answer.id].map { String($0.prefix(200)) }))
        }
    }
    for rule in answer.rules where rule.fits(status: exchange.status, code: code) {
        switch rule.meaning {
        case .transient: return refused(.transient)
        case .throttled: return refused(.throttled)
        case .recipient: return refused(.recipient)
        case .content: return refused(.content)
        case .sender: return refused(.sender)
        case .gateway: return refused(.gateway)
        case .unknown: return .unknown(evidence: "\(exchange.status) \(code ?? ""): \(words)")
        }
    }
    switch exchange.status {
    // A yes that cannot be read, or that the recipe does not know.
    case 200..<300 where fields == nil || answer.success == nil:
        return .unknown(evidence: "\(exchange.status), unreadable answer")
    case 200..<300: return refused(.content)
    case 300..<400, 401, 402, 403, 407, 410: return refused(.gateway)
    case 408: return .unknown(evidence: "the gateway gave up waiting (408)")
    case 429: return refused(.throttled, strikes: true)
    case 503: return refused(.transient, strikes: true)
    case 500..<600 where answer.serverErrorsAreUnknown:
        return .unknown(evidence: "the gateway failed with \(exchange.status)")
    case 500..<600: return refused(.transient, strikes: true)
    default: return refused(.content)
    }
}

/// No complete answer.
private func broken(_ exchange: HTTPExchange) -> WireOutcome {
    func refused(_ kind: Refusal.Kind, _ text: String) -> WireOutcome {
        .refused(
            Refusal(
                kind: kind, text: text, stage: "connect", curlCode: Int(exchange.curlCode.rawValue),
                strikesGateway: kind == .transient))
    }
    if exchange.allBytesHandedOver {
        return .unknown(
            evidence: "\(exchange.curlCode), status \(exchange.status), \(exchange.bytesSent) bytes handed over")
    }
    switch exchange.curlCode {
    case .couldNotConnect where exchange.addressRefused:
        return refused(.gateway, "the address of the gateway is not allowed")
    case .certificateRefused: return refused(.gateway, "the certificate of the gateway is not trusted")
    case .badCertificateFile: return refused(.gateway, "the list of trusted certificates cannot be read")
    case .couldNotResolve: return refused(.transient, "the host name does not resolve")
    case .couldNotConnect: return refused(.transient, "no connection")
    case .timedOut: return refused(.transient, "no answer in time")
    case .handshakeFailed: return refused(.transient, "the TLS handshake failed")
    case .aborted: return .notBegun(.stopped)
    default: return refused(.transient, "the connection broke before the message was handed over")
    }
}

/// Seconds of a `Retry-After` header, at most a day; its form with a date is left alone.
private func retryAfter(_ exchange: HTTPExchange) -> Int? {
    exchange.headers["retry-after"].flatMap { Int($0) }.flatMap { $0 > 0 ? min($0, 86_400) : nil }
}

extension SMSRecipe.Rule {
    func fits(status: Int, code: String?) -> Bool {
        if let wanted = self.status, wanted != status { return false }
        return self.code == nil || self.code == code
    }
}

/// What a gateway wrote, made fit to be stored and shown: answers like to repeat the recipient.
enum TextWords {
    static func redacted(_ text: String) -> String {
        ServerWords.redacted(String(text.prefix(2_000)).replacing(#/\+?[0-9][0-9 ()\-]{5,}[0-9]/#, with: "[number]"))
    }
}
