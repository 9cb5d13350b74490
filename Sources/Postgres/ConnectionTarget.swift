import CPostgres

/// Where to connect and as whom.
struct ConnectionTarget: Sendable {
    var url: String
    var user: String?
    var password: String?
    var applicationName: String
    var connectTimeout: Duration

    var isWellFormed: Bool {
        guard let options = PQconninfoParse(url, nil) else { return false }
        PQconninfoFree(options)
        return true
    }

    /// Calls `body` with libpq's keyword and value arrays, which end in a null pointer each.
    ///
    /// What stands after `dbname` overrides the URL; what stands before it is a default the URL may override.
    func withKeywords<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        // A peer that vanished is noticed within half a minute, also while a statement is being sent or waited for.
        let settings: [(String, String?)] = [
            ("keepalives_idle", "15"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "30000"),
            ("dbname", url),
            ("user", user), ("password", password),
            ("application_name", applicationName),
            ("connect_timeout", String(max(2, connectTimeout.components.seconds))),
            ("client_encoding", "UTF8"),
        ]
        var keywords = CTexts()
        var values = CTexts()
        for (keyword, value) in settings where value?.isEmpty == false {
            keywords.append(keyword)
            values.append(value)
        }
        keywords.append(nil)
        values.append(nil)
        return keywords.withPointers { keywords in values.withPointers { body(keywords, $0) } }
    }
}
