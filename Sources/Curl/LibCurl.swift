import CCurl
import Glibc

/// What the whole process does once for libcurl, and each of its threads once for itself.
enum LibCurl {
    /// `curl_global_init` is to be called once per process, before anything else of libcurl.
    static let isReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    /// OpenSSL writes without MSG_NOSIGNAL, and libcurl leaves the signal alone once told to use none. Blocking it on the
    /// calling thread turns it into an error of that write and changes nothing for the rest of the process.
    static func ignoreBrokenPipes() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Starts a detached thread that lives until `body` returns.
    ///
    /// - Throws: ``CurlError/thread(_:)``.
    static func startThread(stackBytes: Int, _ body: @escaping @Sendable () -> Void) throws(CurlError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, stackBytes)
        var thread = pthread_t()
        let work = Unmanaged.passRetained(ThreadBody(body))
        let code = pthread_create(
            &thread, &attributes,
            { data in
                guard let data else { return nil }
                Unmanaged<ThreadBody>.fromOpaque(data).takeRetainedValue().run()
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            throw .thread(code)
        }
    }

    private final class ThreadBody {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}

/// Names and addresses of hosts as they may be handed to libcurl.
enum HostName {
    /// The host as it stands in an URL, IPv6 in brackets.
    static func forURL(_ host: String) throws(CurlError) -> String {
        let isNumericV6 = host.contains(":") && host.utf8.allSatisfy { isHexadecimal($0) || $0 == 0x3A || $0 == 0x2E }
        guard isNumericV6 || isName(host), !host.isEmpty, host.utf8.count <= 255 else { throw .host }
        return isNumericV6 ? "[\(host)]" : host
    }

    static func isName(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}
