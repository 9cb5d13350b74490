import Foundation
import Support
import Testing

@testable import recoup_sandbox

@Suite(.timeLimit(.minutes(10))) struct `The pretend text gateways` {
    struct Entry: Decodable, Equatable {
        let seq: Int
        let gateway: String, from: String, to: String, text: String, id: String, outcome: String
        let ref: String?
        let status: Int?
        let connection: Int, request: Int
    }

    /// `nil` when the line went dead.
    private func twilio(_ sandbox: Running, to: String = "+491701234567", text: String = "Bitte zahlen") async -> Int? {
        let back = "http://127.0.0.1:\(sandbox.addresses.http)/nobody?ref=att_\(to.dropFirst())"
        let fields = ["To": to, "From": "+14155550100", "Body": text, "StatusCallback": back]
        let form = fields.map { "\($0.key)=\($0.value.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!)" }
        let answer = try? await Browser.answer(
            "POST", port: sandbox.addresses.http, "/2010-04-01/Accounts/AC1/Messages.json",
            headers: [
                "Authorization": "Basic " + Data("AC1:token".utf8).base64EncodedString(),
                "Content-Type": "application/x-www-form-urlencoded",
            ], body: Data(form.joined(separator: "&").utf8), isRepeatable: false)
        return answer?.status
    }

    private func journal(_ sandbox: Running, _ query: String = "") async throws -> [Entry] {
        try await sandbox.web.json("/texts/journal\(query)")
    }

    @Test func `keep what they took, with the token it came under`() async throws {
        try await withSandbox { sandbox in
            #expect(await twilio(sandbox) == 201)
            let body = #"{"to":"+14155550199","from":"Recoup","text":"Pay","reference":"att_9"}"#
            _ = try await Browser.answer(
                "POST", port: sandbox.addresses.http, "/messages", headers: ["Authorization": "Bearer t"],
                body: Data(body.utf8))
            let entries = try await journal(sandbox)
            #expect(entries.map(\.gateway) == ["twilio", "generic"])
            #expect(entries.map(\.ref) == ["att_491701234567", "att_9"])
            #expect(entries.map(\.text) == ["Bitte zahlen", "Pay"])
            #expect(try await journal(sandbox, "?to=%2B49*").map(\.seq) == [1])
            #expect(try await sandbox.web.get("/texts").body.contains("Bitte zahlen"))
        }
    }

    @Test func `misbehave as told, and the journal says what they took all the same`() async throws {
        try await withSandbox { sandbox in
            let script = """
                [{"to": "+491*", "first": 1, "action": "accept_then_reply", "status": 500},
                 {"to": "+491*", "first": 1, "action": "reply", "status": 429, "code": "20429", "retry_after": 5},
                 {"to": "+492*", "action": "accept_then_drop"}, {"to": "+493*", "action": "drop"}]
                """
            #expect(try await sandbox.web.put("/texts/reactions", script).status == 200)
            #expect(await twilio(sandbox, to: "+491111111") == 500)
            #expect(await twilio(sandbox, to: "+491111111") == 429)
            #expect(await twilio(sandbox, to: "+491111111") == 201)
            #expect(await twilio(sandbox, to: "+492222222") == nil)
            #expect(await twilio(sandbox, to: "+493333333") == nil)
            #expect(await twilio(sandbox, to: "0170") == 400)
            let entries = try await journal(sandbox)
            // A client may try a dead connection once more by itself: that is its own affair.
            #expect(entries.filter { $0.to == "+491111111" }.map(\.outcome) == ["accepted", "refused", "accepted"])
            #expect(
                entries.filter { $0.to == "+492222222" }.allSatisfy { $0.outcome == "accepted" && $0.status == nil })
            #expect(entries.filter { $0.to == "+493333333" }.allSatisfy { $0.outcome == "dropped" })
        }
    }

    @Test(arguments: [
        (#"[{"action": "reply"}]"#, #"{"error":"is needed for action reply","field":"[0].status"}"#),
        (
            #"[{"action": "drop", "to": "Fred"}]"#, #"{"error":"must be a number, +49* or *","field":"[0].to"}"#
        ),
    ])
    func `refuse a script that would do nothing`(script: String, answer: String) async throws {
        try await withSandbox { sandbox in
            let (status, body) = try await sandbox.web.put("/texts/reactions", script)
            #expect(status == 400)
            #expect(body == answer)
        }
    }

    @Test func `report back when asked, and by themselves where that is wanted`() async throws {
        var settings = Settings.free
        settings.sendsReceipts = true
        try await withSandbox(settings) { sandbox in
            #expect(await twilio(sandbox) == 201)
            try await eventually { try await sandbox.web.get("/texts/stats").body.contains(#""receipts":2"#) }
            let (status, data, _) = try await sandbox.web.send(
                "POST", "/texts/journal/1/receipts", Data(#"{"state": "failed", "code": "30005", "times": 2}"#.utf8))
            #expect(status == 200)
            // Nobody is there at that address, which is an answer too.
            #expect(String(decoding: data, as: UTF8.self) == #"{"statuses":[404,404]}"#)
        }
    }

    @Test func `sign as the published examples do`() {
        let form = [
            "CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234", "From": "+14158675309",
            "To": "+18005551212",
        ]
        #expect(
            TextCaller.twilioSignature(of: form, at: "https://mycompany.com/myapp.php?foo=1&bar=2", key: "12345")
                == "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
        #expect(
            TextCaller.signature(of: "what do ya want for nothing?", key: "Jefe")
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }
}
