/// One request as it goes onto the wire: everything in it is checked here, for libcurl sends what it is given.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable, Hashable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    package struct Header: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package struct Limits: Sendable, Hashable {
        /// TCP and TLS together.
        package var connect: Duration
        /// The whole exchange.
        package var whole: Duration
        /// Bytes of the answer that are read; more of it ends the exchange.
        package var answerBytes: Int
        /// A connection idle for longer is not reused; whole seconds.
        package var idleReuse: Duration

        package init(
            connect: Duration = .seconds(10), whole: Duration = .seconds(30), answerBytes: Int = 65_536,
            idleReuse: Duration = .seconds(50)
        ) {
            self.connect = connect
            self.whole = whole
            self.answerBytes = answerBytes
            self.idleReuse = idleReuse
        }
    }

    let method: Method
    let isSecure: Bool
    let host: String
    let port: Int
    let path: String
    let query: String?
    let headers: [Header]
    let body: [UInt8]
    let isRepeatable: Bool
    let privateAllowed: Bool
    let certificateAuthorities: String?
    let limits: Limits

    /// - Parameters:
    ///   - target: path and query as they stand in the request line, escaped already.
    ///   - isRepeatable: whether libcurl may send it again by itself when a kept connection turns out to be dead. It does so
    ///     without telling, so a request that does something leaves at most once unless this is said.
    ///   - privateAllowed: whether loopback, private and other special addresses may be connected to.
    ///   - certificateAuthorities: a PEM file that replaces the system's list.
    package init(
        _ method: Method, isSecure: Bool = true, host: String, port: Int, target: String, headers: [Header] = [],
        body: [UInt8] = [], isRepeatable: Bool = false, privateAllowed: Bool = false,
        certificateAuthorities: String? = nil, limits: Limits = Limits()
    ) throws(CurlError) {
        guard (1...65_535).contains(port) else { throw .port }
        self.host = try HostName.forURL(host)
        guard Self.isTarget(target) else { throw .target }
        guard headers.allSatisfy(Self.isSafe) else { throw .header }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.method = method
        self.isSecure = isSecure
        self.port = port
        path = String(parts[0])
        query = parts.count > 1 ? String(parts[1]) : nil
        self.headers = headers
        self.body = body
        self.isRepeatable = isRepeatable
        self.privateAllowed = privateAllowed
        self.certificateAuthorities = certificateAuthorities
        self.limits = limits
    }

    private static func isTarget(_ target: String) -> Bool {
        target.utf8.first == UInt8(ascii: "/") && target.utf8.count <= 8_192
            && target.utf8.allSatisfy { byte in
                (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "#") && byte != UInt8(ascii: "\"")
                    && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
            }
    }

    /// Names are tokens (RFC 9110 section 5.6.2), values visible ASCII and blanks; what says how long the message is or where
    /// it goes is ours alone.
    private static func isSafe(_ header: Header) -> Bool {
        let isToken = header.name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
        return isToken && !header.name.isEmpty && header.name.utf8.count <= 200
            && header.value.utf8.count <= 8_192 && header.value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            && !["host", "content-length", "transfer-encoding", "connection", "expect", "te", "upgrade"]
                .contains(header.name.lowercased())
    }
}

/// The bare facts of one exchange; what they mean is decided elsewhere.
package struct HTTPExchange: Sendable, Hashable {
    package var curlCode: CurlCode
    /// 0 when no status line came.
    package var status: Int
    /// By name in lower case; the last one of a name.
    package var headers: [String: String]
    /// As much of the answer as the limit let in.
    package var answer: [UInt8]
    /// Whether libcurl took every byte of the body. Only then can the server have acted on it.
    package var allBytesHandedOver: Bool
    package var bytesSent: Int
    /// False too when a kept connection was dead and another one was opened.
    package var connectionReused: Bool
    /// Every resolved address was one that may not be connected to.
    package var addressRefused: Bool
    package var total: Duration

    package init(
        curlCode: CurlCode, status: Int = 0, headers: [String: String] = [:], answer: [UInt8] = [],
        allBytesHandedOver: Bool = false, bytesSent: Int = 0, connectionReused: Bool = false,
        addressRefused: Bool = false, total: Duration = .zero
    ) {
        self.curlCode = curlCode
        self.status = status
        self.headers = headers
        self.answer = answer
        self.allBytesHandedOver = allBytesHandedOver
        self.bytesSent = bytesSent
        self.connectionReused = connectionReused
        self.addressRefused = addressRefused
        self.total = total
    }
}
