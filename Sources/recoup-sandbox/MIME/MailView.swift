/// A mail as a person sees it. Made when somebody looks; the journal keeps the bytes alone.
struct MailView: Sendable {
    let headers: HeaderBlock
    /// The first plain text part, or `nil`.
    let text: String?
    /// The first HTML part, or `nil`. It comes from strangers: show it in a locked frame only.
    let html: String?
    let attachments: [MIMEPart]

    init(_ raw: [UInt8]) {
        guard !raw.isEmpty else {
            headers = HeaderBlock(parsing: raw[...])
            (text, html, attachments) = (nil, nil, [])
            return
        }
        let root = MIMEPart(parsing: raw[...])
        let leaves = root.leaves
        headers = root.headers
        text = leaves.first { !$0.isAttachment && $0.type.name == "text/plain" }?.text
        html = leaves.first { !$0.isAttachment && $0.type.name == "text/html" }?.text
        attachments = leaves.filter { $0.isAttachment && !$0.bytes.isEmpty }
    }
}
