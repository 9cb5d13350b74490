/// Small marks that stand beside a mail.
enum Badge {
    /// A coloured disc with initials; the same address always has the same colour.
    static func avatar(_ person: Person) -> HTML {
        var hash: UInt32 = 2_166_136_261
        for byte in person.address.lowercased().utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return
            "<span class=\"avatar\" style=\"--hue:\(Int(hash % 360))\" aria-hidden=\"true\">\(person.initials)</span>"
    }

    static func fate(_ mail: Mail) -> HTML {
        let place = mail.fate.outcome == .accepted ? "" : " at \(mail.fate.stage.rawValue)"
        return "<i class=\"badge \(mail.fate.outcome.rawValue)\">\(mail.fate.outcome.rawValue)\(place)</i>"
    }
}
