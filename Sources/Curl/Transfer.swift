/// The bare facts of one attempt to hand over one mail; what they mean is decided elsewhere.
package struct Transfer: Sendable, Hashable {
    /// The reply, or the step, that was waited for when it ended.
    package enum Stage: String, Sendable, Hashable, CaseIterable {
        case connect, greeting, hello, tls, login, sender, recipient, data, body, dot
    }

    /// Times since the start of the transfer; zero for what did not happen, as on a reused connection.
    package struct Timings: Sendable, Hashable {
        package var lookup: Duration = .zero
        package var connect: Duration = .zero
        package var tls: Duration = .zero
        package var total: Duration = .zero

        package init() {}
    }

    package var curlCode: CurlCode
    /// The code of the last reply before QUIT; 0 when there was none.
    package var replyCode: Int
    /// The text of that reply, its enhanced status included; empty when there was none.
    package var replyText: String
    package var enhancedStatus: String?
    package var stage: Stage
    /// The complete reply to the final dot, if one came in time; libcurl takes some of them for errors.
    package var dotReply: Reply?
    /// Whether libcurl took every byte of the mail. Only then can the server hold a complete mail.
    package var allBytesHandedOver: Bool
    /// How many bytes of the mail libcurl took.
    package var bytesSent: Int
    package var connectionReused: Bool
    /// Every resolved address was one that may not be connected to.
    package var addressRefused: Bool
    package var timings: Timings

    package init(
        curlCode: CurlCode, replyCode: Int = 0, replyText: String = "", enhancedStatus: String? = nil,
        stage: Stage = .connect, dotReply: Reply? = nil, allBytesHandedOver: Bool = false, bytesSent: Int = 0,
        connectionReused: Bool = false, addressRefused: Bool = false, timings: Timings = Timings()
    ) {
        self.curlCode = curlCode
        self.replyCode = replyCode
        self.replyText = replyText
        self.enhancedStatus = enhancedStatus
        self.stage = stage
        self.dotReply = dotReply
        self.allBytesHandedOver = allBytesHandedOver
        self.bytesSent = bytesSent
        self.connectionReused = connectionReused
        self.addressRefused = addressRefused
        self.timings = timings
    }
}
