/// Bounds on time and on the use of one connection to a relay.
package struct MailLimits: Sendable, Hashable {
    /// TCP, TLS, greeting, EHLO and login together.
    package var connect: Duration
    /// The wait for each reply, the one to the final dot included; whole seconds. RFC 5321 section 4.5.3.2.6
    /// suggests ten minutes for the dot; a shorter wait ends as unknown, not as a second copy.
    package var reply: Duration
    /// One try from start to end, the connection included.
    package var whole: Duration
    /// An idle connection is not used again after this; whole seconds, below what relays keep idle connections.
    package var idleReuse: Duration
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
