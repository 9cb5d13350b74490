/// Recipes that come with Recoup. They are data like a tenant's own and are read by the same reader.
package enum SMSPreset: String, Sendable, Hashable, CaseIterable {
    /// Twilio's Messages resource; the account's SID is the user name, its token the password.
    case twilio
    /// JSON with a bearer token: a starting point for one's own.
    case generic

    /// Where it is reached if nothing else is said.
    package var host: String? {
        switch self {
        case .twilio: "api.twilio.com"
        case .generic: nil
        }
    }

    package var recipe: SMSRecipe {
        // A test reads every preset, so a mistake in one does not get this far.
        do throws(RecipeError) { return try SMSRecipe(json: source) } catch {
            preconditionFailure("the preset \(rawValue) has mistakes: \(error.problems)")
        }
    }

    private var source: String {
        switch self {
        case .twilio: Self.twilioSource
        case .generic: Self.genericSource
        }
    }

    // 21211 and 21614: no number, or none for text messages; 21610: the person has written STOP to Twilio. 30610: outside
    // the hours Twilio allows. 20003: the credentials; 20429 and 14107: too fast.
    private static let twilioSource = """
        {
          "request": {
            "path": "/2010-04-01/Accounts/{{username}}/Messages.json", "auth": "basic", "encoding": "form",
            "fields": {"To": "{{to}}", "From": "{{from}}", "Body": "{{text}}", "StatusCallback": "{{callback_url}}"}
          },
          "answer": {
            "accepted": [200, 201], "id": "sid", "code": "code", "text": "message",
            "rules": [
              {"status": 429, "means": "throttled"}, {"code": "20429", "means": "throttled"},
              {"code": "14107", "means": "throttled"}, {"code": "30610", "means": "transient"},
              {"code": "21211", "means": "recipient"}, {"code": "21214", "means": "recipient"},
              {"code": "21217", "means": "recipient"}, {"code": "21265", "means": "recipient"},
              {"code": "21610", "means": "recipient"}, {"code": "21614", "means": "recipient"},
              {"code": "21612", "means": "content"}, {"code": "21617", "means": "content"},
              {"code": "20003", "means": "gateway"}, {"code": "21606", "means": "gateway"},
              {"code": "21212", "means": "gateway"}, {"code": "21408", "means": "gateway"}
            ]
          },
          "receipt": {
            "encoding": "form", "id": "MessageSid", "state": "MessageStatus", "code": "ErrorCode",
            "states": {
              "accepted": "sent", "queued": "sent", "sending": "sent", "sent": "sent", "delivered": "delivered",
              "read": "delivered", "undelivered": "failed", "failed": "failed"
            },
            "suppressing": ["21610", "21614", "30005", "30006"]
          },
          "inbound": {"encoding": "form", "id": "MessageSid", "from": "From", "text": "Body"},
          "hooks": {"check": "twilio"}
        }
        """

    private static let genericSource = """
        {
          "request": {
            "path": "/messages", "auth": "bearer", "encoding": "json",
            "fields": {
              "to": "{{to}}", "from": "{{from}}", "text": "{{text}}", "reference": "{{ref}}",
              "callback_url": "{{callback_url}}"
            }
          },
          "answer": {
            "accepted": [200, 201, 202], "id": "id", "code": "error.code", "text": "error.message",
            "rules": [{"code": "invalid_number", "means": "recipient"}, {"code": "opted_out", "means": "recipient"}]
          },
          "receipt": {
            "encoding": "json", "id": "id", "ref": "reference", "state": "status", "code": "error",
            "states": {"sent": "sent", "delivered": "delivered", "failed": "failed"},
            "suppressing": ["invalid_number", "opted_out"]
          },
          "inbound": {"encoding": "json", "id": "id", "from": "from", "text": "text"},
          "hooks": {"check": "hmac", "header": "X-Signature", "hash": "sha256", "digits": "hex"}
        }
        """
}
