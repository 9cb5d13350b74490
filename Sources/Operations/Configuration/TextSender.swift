import Dunning

/// What recipients see as the sender of a text message.
enum TextSender {
    /// A number, one of the names networks allow (GSM 03.38, 11 characters), or the id of a messaging service.
    static func isSender(_ text: String) -> Bool {
        if (try? PhoneNumber(text))?.text == text { return true }
        // Short codes and messaging services.
        if text.wholeMatch(of: /[0-9]{3,8}|MG[0-9a-f]{32}/) != nil { return true }
        return text.wholeMatch(of: /[A-Za-z0-9 ]{1,11}/) != nil && text.contains(where: \.isLetter)
            && text.first != " " && text.last != " "
    }
}
