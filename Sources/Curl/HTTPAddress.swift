import CCurl

extension HTTPRequest {
    /// A request to an address as a person writes it: `http://127.0.0.1:8080/health/ready`.
    ///
    /// - Throws: ``CurlError/url`` when it is none, is of another scheme, or holds a password or a fragment.
    package init(
        _ method: Method, at address: String, headers: [Header] = [], body: [UInt8] = [], isRepeatable: Bool = false,
        privateAllowed: Bool = false, limits: Limits = Limits()
    ) throws(CurlError) {
        guard let parts = curl_url() else { throw .url }
        defer { curl_url_cleanup(parts) }
        func part(_ which: CURLUPart, _ flags: Int32 = 0) -> String? {
            var text: UnsafeMutablePointer<CChar>?
            guard curl_url_get(parts, which, &text, UInt32(flags)) == CURLUE_OK, let text else { return nil }
            defer { curl_free(text) }
            return String(cString: text)
        }
        guard curl_url_set(parts, CURLUPART_URL, address, 0) == CURLUE_OK,
            let scheme = part(CURLUPART_SCHEME), ["http", "https"].contains(scheme),
            part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil, part(CURLUPART_FRAGMENT) == nil,
            let host = part(CURLUPART_HOST), let path = part(CURLUPART_PATH),
            let port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap({ Int($0) })
        else { throw .url }
        try self.init(
            method, isSecure: scheme == "https", host: host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host,
            port: port, target: part(CURLUPART_QUERY).map { "\(path)?\($0)" } ?? path, headers: headers, body: body,
            isRepeatable: isRepeatable, privateAllowed: privateAllowed, limits: limits)
    }
}
