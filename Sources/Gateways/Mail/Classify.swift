package import Curl

/// What the bare facts of a transfer mean; pure, so that every row of the table is a test.
///
/// Three rules carry it. A complete answer to the final dot is believed, whatever libcurl makes of it. Without one, a
/// mail whose bytes were all handed over is unknown, never refused. Everything else was certainly not delivered.
///
/// - Parameter handshakeFailedBefore: whether the last attempt at this gateway failed in the TLS handshake too. Once is
///   an accident; twice is a setting.
package func classify(_ transfer: Transfer, handshakeFailedBefore: Bool = false) -> WireOutcome {
    if transfer.allBytesHandedOver {
        if let answer = transfer.dotReply, let outcome = outcome(ofDot: answer, transfer) { return outcome }
        return .unknown(evidence: evidence(of: transfer))
    }
    // libcurl also calls a mail sent whose end it never read. That is our fault, and nobody knows what arrived.
    if transfer.curlCode == .ok { return .unknown(evidence: evidence(of: transfer)) }
    if transfer.curlCode == .aborted { return .notBegun(.stopped) }
    return .refused(refusal(of: transfer, handshakeFailedBefore: handshakeFailedBefore))
}

/// Whether the mail may be tried again at once on a new connection: a kept connection had died, or one was dropped
/// between two commands, and no byte of the message had left.
func deservesFreshConnection(_ transfer: Transfer) -> Bool {
    guard transfer.bytesSent == 0 else { return false }
    switch transfer.curlCode {
    case .sendError:
        return transfer.connectionReused && (transfer.replyCode == 421 || transfer.replyCode < 400)
    case .receiveError, .gotNothing:
        return transfer.connectionReused || [.sender, .recipient, .data].contains(transfer.stage)
    default: return false
    }
}

private func outcome(ofDot answer: Reply, _ transfer: Transfer) -> WireOutcome? {
    switch answer.code {
    case 200..<300:
        return .accepted(
            Acceptance(
                code: answer.code, enhanced: answer.enhancedStatus, text: ServerWords.redacted(answer.text)))
    case 400..<600:
        return .refused(verdict(on: answer, .dot, transfer))
    default: return nil
    }
}

private func refusal(of transfer: Transfer, handshakeFailedBefore: Bool) -> Refusal {
    func plain(_ kind: Refusal.Kind, strikes: Bool = false, _ words: String) -> Refusal {
        let text = transfer.replyText.isEmpty ? words : "\(words): \(transfer.replyText)"
        return Refusal(
            kind: kind, code: transfer.replyCode, enhanced: transfer.enhancedStatus, text: ServerWords.redacted(text),
            stage: transfer.stage.rawValue, curlCode: Int(transfer.curlCode.rawValue), strikesGateway: strikes)
    }
    let code = transfer.replyCode
    switch transfer.curlCode {
    case .couldNotResolve: return plain(.transient, strikes: true, "the host name does not resolve")
    case .couldNotConnect where transfer.addressRefused:
        return plain(.gateway, "the address of the gateway is not allowed")
    case .couldNotConnect: return plain(.transient, strikes: true, "no connection")
    case .timedOut: return plain(.transient, strikes: true, "no answer in time")
    case .weirdServerReply where code >= 400: return plain(.transient, strikes: true, "the server did not greet")
    case .weirdServerReply: return plain(.gateway, "the server does not keep to the protocol")
    case .accessDenied where (400..<500).contains(code):
        return plain(.transient, strikes: true, "the server refused EHLO for now")
    case .accessDenied: return plain(.gateway, "the server refused EHLO")
    case .tlsNotOffered: return plain(.gateway, "the server does not offer TLS")
    case .certificateRefused: return plain(.gateway, "the certificate of the server is not trusted")
    case .badCertificateFile: return plain(.gateway, "the list of trusted certificates cannot be read")
    case .handshakeFailed where !handshakeFailedBefore:
        return plain(.transient, strikes: true, "the TLS handshake failed")
    case .handshakeFailed: return plain(.gateway, "the TLS handshake failed again")
    case .loginDenied where (400..<500).contains(code):
        return plain(.throttled, strikes: true, "the login failed for now")
    case .loginDenied: return plain(.gateway, "the login was refused")
    case .sendError where code >= 400:
        return verdict(on: Reply(code: code, text: transfer.replyText), stage(of: transfer), transfer)
    case .sendError: return plain(.transient, "the connection broke while sending")
    case .receiveError, .gotNothing:
        let isEarly = [.connect, .greeting, .hello].contains(transfer.stage)
        return plain(.transient, strikes: isEarly, "the server closed the connection")
    case .outOfMemory: return plain(.transient, "out of memory")
    default: return plain(.gateway, "libcurl cannot use these settings")
    }
}

private func verdict(on reply: Reply, _ stage: ReplyVerdict.Stage, _ transfer: Transfer) -> Refusal {
    let verdict = ReplyVerdict(
        code: reply.code, enhanced: reply.enhancedStatus ?? transfer.enhancedStatus, text: reply.text, stage: stage)
    return Refusal(
        kind: verdict.kind, code: reply.code, enhanced: reply.enhancedStatus ?? transfer.enhancedStatus,
        text: ServerWords.redacted(reply.text), retryAfter: verdict.retryAfter, stage: transfer.stage.rawValue,
        curlCode: Int(transfer.curlCode.rawValue), strikesGateway: reply.code == 421,
        isMailboxFull: verdict.isMailboxFull)
}

private func stage(of transfer: Transfer) -> ReplyVerdict.Stage {
    switch transfer.stage {
    case .recipient: .recipient
    case .data, .body: .data
    case .dot: .dot
    // A gateway that logs in and offers no AUTH goes on to MAIL without: what fails at `login` is MAIL.
    case .connect, .greeting, .hello, .tls, .login, .sender: .sender
    }
}

private func evidence(of transfer: Transfer) -> String {
    let words =
        "\(transfer.curlCode) at \(transfer.stage.rawValue), last reply \(transfer.replyCode), "
        + "\(transfer.bytesSent) bytes handed over"
    return transfer.replyText.isEmpty ? words : ServerWords.redacted("\(words): \(transfer.replyText)")
}
