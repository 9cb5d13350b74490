import Foundation

/// A mail as the journal answers it over HTTP. Every field is always there; what does not apply is null.
struct JournalEntry: Encodable {
    /// How much is said: `brief` leaves out headers, bodies and attachments, and so decodes no MIME.
    enum Detail { case full, brief }

    private enum Key: String, CodingKey {
        case seq, outcome, stage, reply, received_at, accepted_at, ended_at, connection, auth_user
        case from, to, subject, message_id, attempt, size, wire_size
        case headers, text, html, attachments
    }

    private enum HeaderKey: CodingKey { case name, value }
    private enum AttachmentKey: CodingKey { case name, type, size }

    let mail: Mail
    let detail: Detail

    func encode(to encoder: any Encoder) throws {
        var all = encoder.container(keyedBy: Key.self)
        try encodeStory(to: &all)
        let raw = mail.content?.raw ?? []
        let headers = HeaderBlock(parsing: raw[...])
        try all.encode(headers.decoded("Subject"), forKey: .subject)
        try all.encode(headers["Message-ID"], forKey: .message_id)
        try all.encode(headers["X-Recoup-Attempt"], forKey: .attempt)
        if detail == .full { try encodeBody(MailView(raw), to: &all) }
    }

    private func encodeStory(to all: inout KeyedEncodingContainer<Key>) throws {
        try all.encode(mail.seq, forKey: .seq)
        try all.encode(mail.fate.outcome, forKey: .outcome)
        try all.encode(mail.fate.stage, forKey: .stage)
        try all.encode(mail.fate.reply, forKey: .reply)
        try all.encode(mail.receivedAt, forKey: .received_at)
        try all.encode(mail.acceptedAt, forKey: .accepted_at)
        try all.encode(mail.endedAt, forKey: .ended_at)
        try all.encode(mail.connection, forKey: .connection)
        try all.encode(mail.envelope.user, forKey: .auth_user)
        try all.encode(mail.envelope.from, forKey: .from)
        try all.encode(mail.envelope.to, forKey: .to)
        try all.encode(mail.content?.raw.count ?? 0, forKey: .size)
        try all.encode(mail.content?.wireSize ?? 0, forKey: .wire_size)
    }

    private func encodeBody(_ view: MailView, to all: inout KeyedEncodingContainer<Key>) throws {
        var headers = all.nestedUnkeyedContainer(forKey: .headers)
        for field in view.headers.fields {
            var pair = headers.nestedContainer(keyedBy: HeaderKey.self)
            try pair.encode(field.name, forKey: .name)
            try pair.encode(field.value, forKey: .value)
        }
        try all.encode(view.text, forKey: .text)
        try all.encode(view.html, forKey: .html)
        var attachments = all.nestedUnkeyedContainer(forKey: .attachments)
        for part in view.attachments {
            var item = attachments.nestedContainer(keyedBy: AttachmentKey.self)
            try item.encode(part.fileName, forKey: .name)
            try item.encode(part.type.name, forKey: .type)
            try item.encode(part.bytes.count, forKey: .size)
        }
    }
}
