import CCurl

/// One easy handle, and with it at most one open connection, for exactly one endpoint.
///
/// It is made, used and closed on the thread of its ``MailThread``; being noncopyable, nobody else can keep it.
package struct MailSession: ~Copyable {
    private let easy: UnsafeMutableRawPointer?
    private let wire: Wire
    private let endpoint: MailEndpoint
    private var setUp: CurlCode
    private var mailsOnConnection = 0
    private var isConnected = false

    init(_ endpoint: MailEndpoint, stopping: StopFlag) {
        self.endpoint = endpoint
        wire = Wire(privateAllowed: endpoint.privateAllowed, stopping: stopping)
        easy = LibCurl.isReady ? curl_easy_init() : nil
        guard let easy else {
            setUp = .outOfMemory
            return
        }
        let codes = Self.configure(easy, for: endpoint) + wire.attach(to: easy)
        setUp = codes.first { $0 != CURLE_OK }.map(CurlCode.init) ?? .ok
    }

    deinit {
        guard let easy else { return }
        // Closing says QUIT and hears the answer through the callbacks, so they must live that long.
        withExtendedLifetime(wire) { curl_easy_cleanup(easy) }
    }

    /// Hands over one mail and waits for the answer; blocks its thread for as long as the limits allow.
    ///
    /// A session that could not be set up answers every mail with the code it failed with, nothing having been sent.
    package mutating func send(_ mail: WireMail, onFreshConnection isFresh: Bool = false) -> Transfer {
        guard let easy, setUp == .ok else { return Transfer(curlCode: setUp) }
        guard let recipients = curl_slist_append(nil, mail.recipient) else { return Transfer(curlCode: .outOfMemory) }
        defer { curl_slist_free_all(recipients) }
        let isLast = (isFresh ? 0 : mailsOnConnection) + 1 >= endpoint.limits.mailsPerConnection
        let codes = [
            recoup_curl_set_text(easy, CURLOPT_MAIL_FROM, mail.sender.isEmpty ? "<>" : mail.sender),
            recoup_curl_set_list(easy, CURLOPT_MAIL_RCPT, recipients),
            recoup_curl_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(mail.bytes.count)),
            recoup_curl_set_long(easy, CURLOPT_FRESH_CONNECT, isFresh ? 1 : 0),
            recoup_curl_set_long(easy, CURLOPT_FORBID_REUSE, isLast ? 1 : 0),
        ]
        if let bad = codes.first(where: { $0 != CURLE_OK }) { return Transfer(curlCode: CurlCode(bad)) }
        wire.begin(
            mail.bytes,
            Conversation(startsTLS: endpoint.encryption == .starttls, logsIn: endpoint.login != nil))
        let transfer = report(on: easy, CurlCode(curl_easy_perform(easy)))
        wire.bytes = []
        recoup_curl_set_list(easy, CURLOPT_MAIL_RCPT, nil)
        mailsOnConnection = transfer.connectionReused ? mailsOnConnection + 1 : 1
        // A dot that was answered leaves the connection open, every other failure closes it.
        let isAnswered =
            transfer.curlCode == .ok || (transfer.curlCode == .weirdServerReply && transfer.dotReply != nil)
        isConnected = !isLast && isAnswered
        if !isConnected { mailsOnConnection = 0 }
        return transfer
    }

    private func report(on easy: UnsafeMutableRawPointer, _ code: CurlCode) -> Transfer {
        let opened = wire.gate.pointee.opened, refused = wire.gate.pointee.refused
        let conversation = wire.conversation
        let reused = isConnected && opened == 0 && refused == 0 && code != .couldNotResolve
        var timings = Transfer.Timings()
        timings.lookup = duration(easy, CURLINFO_NAMELOOKUP_TIME_T)
        timings.connect = duration(easy, CURLINFO_CONNECT_TIME_T)
        timings.tls = duration(easy, CURLINFO_APPCONNECT_TIME_T)
        timings.total = duration(easy, CURLINFO_TOTAL_TIME_T)
        var stage = conversation.stage
        if stage == .connect, reused { stage = .sender }
        if stage == .connect, opened > 0, timings.connect > .zero { stage = .greeting }
        let handedOver = wire.offset == wire.bytes.count && !wire.bytes.isEmpty
        if stage == .body, handedOver { stage = .dot }
        // libcurl's own number is 0 after half a reply, where the last complete one would mislead.
        var number = 0
        recoup_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &number)
        let reply = conversation.dot ?? (conversation.last?.code == number ? conversation.last : nil)
        return Transfer(
            curlCode: code, replyCode: reply?.code ?? number, replyText: reply?.text ?? "",
            enhancedStatus: reply?.enhancedStatus, stage: stage, dotReply: conversation.dot,
            allBytesHandedOver: handedOver, bytesSent: wire.offset, connectionReused: reused,
            addressRefused: refused > 0 && opened == 0, timings: timings)
    }

    private func duration(_ easy: UnsafeMutableRawPointer, _ info: CURLINFO) -> Duration {
        var microseconds: curl_off_t = 0
        recoup_curl_get_offset(easy, info, &microseconds)
        return .microseconds(Int64(microseconds))
    }

    private static func configure(_ easy: UnsafeMutableRawPointer, for endpoint: MailEndpoint) -> [CURLcode] {
        guard let url = url(of: endpoint) else { return [CURLE_URL_MALFORMAT] }
        defer { curl_free(url) }
        let limits = endpoint.limits
        let usesTLS = endpoint.encryption != .none
        var codes = [
            recoup_curl_set_text(easy, CURLOPT_URL, url),
            recoup_curl_set_text(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
            // Nothing of the process's surroundings may redirect a mail or add a password.
            recoup_curl_set_text(easy, CURLOPT_PROXY, ""),
            recoup_curl_set_long(easy, CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue)),
            recoup_curl_set_long(easy, CURLOPT_NOSIGNAL, 1),
            recoup_curl_set_long(easy, CURLOPT_NOPROGRESS, 0),
            recoup_curl_set_long(easy, CURLOPT_UPLOAD, 1),
            recoup_curl_set_long(easy, CURLOPT_MAXCONNECTS, 1),
            recoup_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, limits.connect.milliseconds),
            recoup_curl_set_long(easy, CURLOPT_TIMEOUT_MS, limits.whole.milliseconds),
            recoup_curl_set_long(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, limits.reply.wholeSeconds)),
            recoup_curl_set_long(easy, CURLOPT_MAXAGE_CONN, max(1, limits.idleReuse.wholeSeconds)),
            recoup_curl_set_long(easy, CURLOPT_USE_SSL, Int((usesTLS ? CURLUSESSL_ALL : CURLUSESSL_NONE).rawValue)),
            recoup_curl_set_long(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
            recoup_curl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1),
            recoup_curl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2),
        ]
        if let authorities = endpoint.certificateAuthorities {
            codes.append(recoup_curl_set_text(easy, CURLOPT_CAINFO, authorities))
        }
        if let login = endpoint.login {
            codes += [
                recoup_curl_set_text(easy, CURLOPT_USERNAME, login.user),
                recoup_curl_set_text(easy, CURLOPT_PASSWORD, login.password),
                // Sends the first token with AUTH: one round trip less at each login.
                recoup_curl_set_long(easy, CURLOPT_SASL_IR, 1),
            ]
        }
        return codes
    }

    /// Built part by part, so that no part can become another one; the path is what EHLO says.
    private static func url(of endpoint: MailEndpoint) -> UnsafeMutablePointer<CChar>? {
        guard let parts = curl_url() else { return nil }
        defer { curl_url_cleanup(parts) }
        let codes = [
            curl_url_set(parts, CURLUPART_SCHEME, endpoint.encryption == .implicit ? "smtps" : "smtp", 0),
            curl_url_set(parts, CURLUPART_HOST, endpoint.host, 0),
            curl_url_set(parts, CURLUPART_PORT, String(endpoint.port), 0),
            curl_url_set(parts, CURLUPART_PATH, "/" + endpoint.greetingName, 0),
        ]
        guard codes.allSatisfy({ $0 == CURLUE_OK }) else { return nil }
        var url: UnsafeMutablePointer<CChar>?
        return curl_url_get(parts, CURLUPART_URL, &url, 0) == CURLUE_OK ? url : nil
    }
}

extension CurlCode {
    init(_ code: CURLcode) {
        self.init(rawValue: Int32(code.rawValue))
    }
}

extension Duration {
    var wholeSeconds: Int { Int(components.seconds) }
    var milliseconds: Int { wholeSeconds * 1_000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
