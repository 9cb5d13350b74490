import Foundation
import Gateways
import Testing

@Suite struct `Recipes of text-message gateways` {
    @Test(arguments: SMSPreset.allCases)
    func `that come with us are read like any other, and read back equal`(preset: SMSPreset) throws {
        #expect(try SMSRecipe(json: preset.recipe.json) == preset.recipe)
    }

    private func problems(_ json: String) -> [String] {
        do throws(RecipeError) {
            _ = try SMSRecipe(json: json)
            return []
        } catch {
            return error.problems.map { "\($0.pointer) \($0.code)" }
        }
    }

    @Test func `with mistakes are refused, each mistake at its place`() {
        #expect(problems("[") == [" wrong_type"])
        #expect(problems("{}") == ["/request required", "/answer required"])
        let bad = """
            {"request": {"path": "sms", "auth": "digest", "fields": {"to": "{{to}}", "x": "{{secret}}"}, "method": "PUT",
               "headers": {"Content-Length": "1", "X-A": "{{text}}"}},
             "answer": {"accepted": [200, 302], "rules": [{"means": "recipient"}, {"code": "1", "means": "maybe"}]},
             "receipt": {"id": "id", "states": {"done": "finished"}},
             "hooks": {"check": "hmac", "header": "a b"}, "extra": 1}
            """
        #expect(
            Set(problems(bad)) == [
                "/extra unknown_field", "/request/method unknown_field", "/request/path bad_path",
                "/request/auth not_in_list", "/request/headers/Content-Length bad_header",
                "/request/headers/X-A unknown_name", "/request/fields/x unknown_name", "/request/fields incomplete",
                "/answer/accepted out_of_range", "/answer/rules/0 incomplete", "/answer/rules/1/means not_in_list",
                "/receipt/states/done not_in_list", "/receipt/states required", "/receipt/state required",
                "/hooks/header bad_header",
            ])
    }

    @Test func `never put a password into an address`() {
        let path = #"{"request":{"path":"/{{password}}","fields":{"a":"{{to}}{{text}}"}},"answer":{"accepted":[200]}}"#
        #expect(problems(path) == ["/request/path unknown_name"])
    }
}

@Suite struct `What gateways send us` {
    private let twilio = SMSPreset.twilio.recipe
    private let generic = SMSPreset.generic.recipe

    private func hook(_ url: String, _ body: String, _ headers: [String: String] = [:]) -> TextHook {
        TextHook(url: url, headers: headers, body: Array(body.utf8))
    }

    @Test func `is signed by Twilio over address and sorted fields`() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2"
        let body = "Digits=1234&To=%2B18005551212&From=%2B14158675309&Caller=%2B14158675309&CallSid=CA1234567890ABCDE"
        let good = ["x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="]
        let token = Secret("12345")
        #expect(twilio.proves(hook(url, body, good), password: token, secret: nil))
        #expect(!twilio.proves(hook(url, body + "&x=1", good), password: token, secret: nil))
        #expect(!twilio.proves(hook(url + "3", body, good), password: token, secret: nil))
        #expect(!twilio.proves(hook(url, body, good), password: Secret("12346"), secret: nil))
        #expect(!twilio.proves(hook(url, body, good), password: nil, secret: nil))
        #expect(!twilio.proves(hook(url, body), password: token, secret: nil))
        #expect(!twilio.proves(hook(url, body, ["x-twilio-signature": "not base64"]), password: token, secret: nil))
    }

    @Test func `is signed by others over the body`() {
        // RFC 4231, test case 2.
        let body = "what do ya want for nothing?"
        let digits = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        let key = Secret("Jefe")
        #expect(generic.proves(hook("https://r/", body, ["x-signature": digits]), password: nil, secret: key))
        #expect(
            generic.proves(hook("https://r/", body, ["x-signature": digits.uppercased()]), password: nil, secret: key))
        #expect(!generic.proves(hook("https://r/", body + "?", ["x-signature": digits]), password: nil, secret: key))
        #expect(!generic.proves(hook("https://r/", body, ["x-signature": ""]), password: nil, secret: key))
        #expect(!generic.proves(hook("https://r/", body, ["x-signature": digits]), password: key, secret: nil))
    }

    @Test func `tells what became of a message`() throws {
        let url = "https://r/in/sms/t/receipt?ref=att_7"
        let done = try #require(twilio.receipt(in: hook(url, "MessageSid=SM1&MessageStatus=delivered")))
        #expect(done.ref == "att_7" && done.id == "SM1" && done.state == .delivered && done.code == nil)
        let failed = try #require(
            twilio.receipt(in: hook(url, "MessageStatus=undelivered&MessageSid=SM1&ErrorCode=30005")))
        #expect(failed.state == .failed && failed.code == "30005" && failed.suppresses)
        let soft = try #require(twilio.receipt(in: hook(url, "MessageStatus=failed&ErrorCode=30003")))
        #expect(soft.state == .failed && !soft.suppresses)
        // A word we do not know still proves that the gateway has the message.
        #expect(twilio.receipt(in: hook(url, "MessageStatus=pondering"))?.state == .sent)
        let json = try #require(
            generic.receipt(in: hook("https://r/x", #"{"id":"m","reference":"att_9","status":"delivered"}"#)))
        #expect(json.ref == "att_9" && json.state == .delivered)
    }

    @Test(arguments: ["", "MessageSid=SM1", "{}", "[1]", "MessageStatus=sent"])
    func `that is no receipt is none`(body: String) {
        #expect(twilio.receipt(in: hook("https://r/x", body)) == nil)
        #expect(generic.receipt(in: hook("https://r/x", body)) == nil)
    }

    @Test func `holds what people write back`() throws {
        let text = try #require(
            twilio.inbound(in: hook("https://r/", "MessageSid=SM2&From=%2B491701234567&To=%2B1&Body=Stop%21+please")))
        #expect(text == InboundText(id: "SM2", from: "+491701234567", text: "Stop! please"))
        #expect(generic.inbound(in: hook("https://r/", #"{"from":"+491701234567"}"#)) == nil)
    }
}
