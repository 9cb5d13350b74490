/// What libcurl said about a transfer: its result code, with names for those that decide something here.
///
/// The set is open because libcurl adds codes; an unknown one is still a value that can be stored and shown.
package struct CurlCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: Int32

    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    package static let ok = CurlCode(rawValue: 0)
    package static let couldNotResolve = CurlCode(rawValue: 6)
    package static let couldNotConnect = CurlCode(rawValue: 7)
    /// For SMTP: a greeting, or an answer to the final dot, other than the one code libcurl hopes for.
    package static let weirdServerReply = CurlCode(rawValue: 8)
    /// For SMTP: EHLO was refused.
    package static let accessDenied = CurlCode(rawValue: 9)
    /// Our own receiver wanted no more of the answer.
    package static let writeError = CurlCode(rawValue: 23)
    package static let outOfMemory = CurlCode(rawValue: 27)
    package static let timedOut = CurlCode(rawValue: 28)
    package static let handshakeFailed = CurlCode(rawValue: 35)
    /// Our own progress callback asked for the end.
    package static let aborted = CurlCode(rawValue: 42)
    package static let badArgument = CurlCode(rawValue: 43)
    package static let gotNothing = CurlCode(rawValue: 52)
    /// For SMTP also: MAIL, RCPT or DATA was refused.
    package static let sendError = CurlCode(rawValue: 55)
    package static let receiveError = CurlCode(rawValue: 56)
    package static let certificateRefused = CurlCode(rawValue: 60)
    package static let tlsNotOffered = CurlCode(rawValue: 64)
    /// The request would have to be sent again, and we do not let it.
    package static let cannotRewind = CurlCode(rawValue: 65)
    package static let loginDenied = CurlCode(rawValue: 67)
    package static let badCertificateFile = CurlCode(rawValue: 77)

    package var description: String { "curl \(rawValue)" }
}
