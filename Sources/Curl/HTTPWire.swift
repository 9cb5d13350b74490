import CCurl

/// One exchange under way: its easy handle, and what libcurl's callbacks see of it.
///
/// It is made, used and ended on the thread of its ``HTTPLoop``, from which libcurl calls back too.
final class HTTPWire {
    let easy: UnsafeMutableRawPointer
    private let request: HTTPRequest
    private let gate = UnsafeMutablePointer<recoup_socket_gate>.allocate(capacity: 1)
    private var list: UnsafeMutablePointer<curl_slist>?
    private var offset = 0
    private var answer: [UInt8] = []
    private var headers: [String: String] = [:]
    private var headerBytes = 0
    private static let headerLimit = 32_768

    /// Nil when libcurl has no memory or refuses a setting; nothing was sent then.
    init?(_ request: HTTPRequest) {
        guard LibCurl.isReady, let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.request = request
        gate.initialize(
            to: recoup_socket_gate(private_allowed: request.privateAllowed ? 1 : 0, opened: 0, refused: 0))
        guard let codes = configure(), codes.allSatisfy({ $0 == CURLE_OK }) else { return nil }
    }

    deinit {
        curl_easy_cleanup(easy)
        if let list { curl_slist_free_all(list) }
        gate.deallocate()
    }

    func report(_ code: CurlCode) -> HTTPExchange {
        var status = 0, connects = 0
        recoup_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        recoup_curl_get_long(easy, CURLINFO_NUM_CONNECTS, &connects)
        var microseconds: curl_off_t = 0
        recoup_curl_get_offset(easy, CURLINFO_TOTAL_TIME_T, &microseconds)
        let (opened, refused) = (gate.pointee.opened, gate.pointee.refused)
        return HTTPExchange(
            curlCode: code, status: status, headers: headers, answer: answer,
            allBytesHandedOver: offset == request.body.count && (offset > 0 || status > 0), bytesSent: offset,
            connectionReused: connects == 0 && opened == 0 && (offset > 0 || status > 0),
            addressRefused: refused > 0 && opened == 0, total: .microseconds(Int64(microseconds)))
    }

    private func configure() -> [CURLcode]? {
        guard let url = url() else { return nil }
        defer { curl_free(url) }
        // libcurl would ask for permission first and wait a second for it where nobody answers.
        for line in request.headers.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
            guard let longer = curl_slist_append(list, line) else { return nil }
            list = longer
        }
        let limits = request.limits
        var codes = [
            recoup_curl_set_text(easy, CURLOPT_URL, url),
            recoup_curl_set_text(easy, CURLOPT_PROTOCOLS_STR, request.isSecure ? "https" : "http"),
            // Nothing of the process's surroundings may redirect a request or add a password.
            recoup_curl_set_text(easy, CURLOPT_PROXY, ""),
            recoup_curl_set_long(easy, CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue)),
            recoup_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0),
            recoup_curl_set_long(easy, CURLOPT_NOSIGNAL, 1),
            // The guard against sending twice is proven for this version of the protocol.
            recoup_curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
            recoup_curl_set_text(easy, CURLOPT_USERAGENT, "Recoup"),
            recoup_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, limits.connect.milliseconds),
            recoup_curl_set_long(easy, CURLOPT_TIMEOUT_MS, limits.whole.milliseconds),
            recoup_curl_set_long(easy, CURLOPT_MAXAGE_CONN, max(1, limits.idleReuse.wholeSeconds)),
            recoup_curl_set_long(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
            recoup_curl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1),
            recoup_curl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2),
            recoup_curl_set_list(easy, CURLOPT_HTTPHEADER, list),
            recoup_curl_set_gate(easy, gate),
        ]
        if let authorities = request.certificateAuthorities {
            codes.append(recoup_curl_set_text(easy, CURLOPT_CAINFO, authorities))
        }
        if request.method != .get {
            codes += [
                recoup_curl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue),
                recoup_curl_set_long(easy, CURLOPT_POST, 1),
                recoup_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)),
            ]
        }
        return codes + attach()
    }

    /// The body is handed over by a callback without a way back: on a kept connection that dies before an answer libcurl
    /// sends a request again by itself, up to five times, and reports success. Without a way back it gives up instead
    /// (code 65), and nobody was sent two messages.
    private func attach() -> [CURLcode] {
        let me = Unmanaged.passUnretained(self).toOpaque()
        var codes = [
            recoup_curl_set_transfer(easy, CURLOPT_READFUNCTION) { buffer, size, count, data in
                guard let buffer, let data else { return 0 }
                return Unmanaged<HTTPWire>.fromOpaque(data).takeUnretainedValue().give(into: buffer, size * count)
            },
            recoup_curl_set_data(easy, CURLOPT_READDATA, me),
            recoup_curl_set_transfer(easy, CURLOPT_WRITEFUNCTION) { buffer, size, count, data in
                guard let buffer, let data else { return 0 }
                let bytes = UnsafeRawBufferPointer(start: buffer, count: size * count)
                return Unmanaged<HTTPWire>.fromOpaque(data).takeUnretainedValue().take(bytes) ? size * count : 0
            },
            recoup_curl_set_data(easy, CURLOPT_WRITEDATA, me),
            recoup_curl_set_transfer(easy, CURLOPT_HEADERFUNCTION) { buffer, size, count, data in
                guard let buffer, let data else { return 0 }
                let line = UnsafeRawBufferPointer(start: buffer, count: size * count)
                Unmanaged<HTTPWire>.fromOpaque(data).takeUnretainedValue().hear(line)
                return size * count
            },
            recoup_curl_set_data(easy, CURLOPT_HEADERDATA, me),
        ]
        if request.isRepeatable {
            codes += [
                recoup_curl_set_seek(easy) { data, offset, origin in
                    guard let data, origin == 0, offset == 0 else { return CURL_SEEKFUNC_CANTSEEK }
                    Unmanaged<HTTPWire>.fromOpaque(data).takeUnretainedValue().offset = 0
                    return CURL_SEEKFUNC_OK
                },
                recoup_curl_set_data(easy, CURLOPT_SEEKDATA, me),
            ]
        }
        return codes
    }

    private func give(into buffer: UnsafeMutablePointer<CChar>, _ room: Int) -> Int {
        let count = min(room, request.body.count - offset)
        guard count > 0 else { return 0 }
        request.body.withUnsafeBytes { source in
            UnsafeMutableRawPointer(buffer).copyMemory(from: source.baseAddress! + offset, byteCount: count)
        }
        offset += count
        return count
    }

    /// False ends the exchange: the answer is longer than anybody needs.
    private func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let room = request.limits.answerBytes - answer.count
        answer += bytes.prefix(room)
        return bytes.count <= room
    }

    private func hear(_ bytes: UnsafeRawBufferPointer) {
        headerBytes += bytes.count
        guard headerBytes <= Self.headerLimit else { return }
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            headers = [:]
            return
        }
        guard let colon = line.firstIndex(of: ":") else { return }
        let value = line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        headers[line[..<colon].lowercased()] = value
    }

    /// Built part by part, so that no part can become another one.
    private func url() -> UnsafeMutablePointer<CChar>? {
        guard let parts = curl_url() else { return nil }
        defer { curl_url_cleanup(parts) }
        var codes = [
            curl_url_set(parts, CURLUPART_SCHEME, request.isSecure ? "https" : "http", 0),
            curl_url_set(parts, CURLUPART_HOST, request.host, 0),
            curl_url_set(parts, CURLUPART_PORT, String(request.port), 0),
            curl_url_set(parts, CURLUPART_PATH, request.path, 0),
        ]
        if let query = request.query { codes.append(curl_url_set(parts, CURLUPART_QUERY, query, 0)) }
        guard codes.allSatisfy({ $0 == CURLUE_OK }) else { return nil }
        var url: UnsafeMutablePointer<CChar>?
        return curl_url_get(parts, CURLUPART_URL, &url, 0) == CURLUE_OK ? url : nil
    }
}
