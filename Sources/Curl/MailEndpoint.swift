/// Everything a session needs to know about the server it talks to, fixed for the session's life.
///
/// libcurl may reuse a connection after its security settings were changed, so a session is never given other settings:
/// another configuration is another ``MailThread``.
package struct MailEndpoint: Sendable {
    package enum Encryption: Sendable, Hashable {
        /// Starts in clear and must switch to TLS before anything else is said (RFC 3207).
        case starttls
        /// TLS from the first byte (RFC 8314).
        case implicit
        case none
    }

    /// Bounds on time and on the use of one connection.
    package struct Limits: Sendable, Hashable {
        /// TCP, TLS, greeting, EHLO and login together.
        package var connect: Duration
        /// The wait for each reply, the one to the final dot included; whole seconds, at least one.
        package var reply: Duration
        /// One mail from start to end.
        package var whole: Duration
        /// A connection idle for longer is not reused; whole seconds.
        package var idleReuse: Duration
        /// A connection is closed after this many mails.
        package var mailsPerConnection: Int

        package init(
            connect: Duration = .seconds(10), reply: Duration = .seconds(120), whole: Duration = .seconds(300),
            idleReuse: Duration = .seconds(50), mailsPerConnection: Int = 100
        ) {
            self.connect = connect
            self.reply = reply
            self.whole = whole
            self.idleReuse = idleReuse
            self.mailsPerConnection = mailsPerConnection
        }
    }

    package struct Login: Sendable, Hashable {
        package let user: String
        package let password: String

        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    let host: String
    let port: Int
    let encryption: Encryption
    let login: Login?
    let greetingName: String
    let certificateAuthorities: String?
    let privateAllowed: Bool
    let limits: Limits

    /// - Parameters:
    ///   - host: an ASCII name or a numeric address, without brackets.
    ///   - greetingName: what EHLO says; without one libcurl would tell the machine's own name.
    ///   - certificateAuthorities: a PEM file that replaces the system's list.
    ///   - privateAllowed: whether loopback, private and other special addresses may be connected to.
    package init(
        host: String, port: Int, encryption: Encryption, login: Login? = nil, greetingName: String,
        certificateAuthorities: String? = nil, privateAllowed: Bool = false, limits: Limits = Limits()
    ) throws(CurlError) {
        guard (1...65535).contains(port) else { throw .port }
        guard HostName.isName(greetingName), !greetingName.isEmpty else { throw .greetingName }
        self.host = try HostName.forURL(host)
        self.port = port
        self.encryption = encryption
        self.login = login
        self.greetingName = greetingName
        self.certificateAuthorities = certificateAuthorities
        self.privateAllowed = privateAllowed
        self.limits = limits
    }
}
