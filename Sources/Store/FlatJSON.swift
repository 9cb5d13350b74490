import Dunning

/// JSON of a few texts and numbers, without an encoder: the trail of one reminder would keep one busy for longer than planning
/// its next step.
package struct FlatJSON: Sendable {
    private var bytes: [UInt8] = []
    private static let digits = Array("0123456789abcdef".utf8)

    init() {}

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// An object with its members in the order of their names.
    mutating func object<Value>(
        _ members: [String: Value], _ write: (inout FlatJSON, Value) -> Void
    ) {
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            self.member(member.key) { write(&$0, member.value) }
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func member(_ name: String, _ write: (inout FlatJSON) -> Void) {
        text(name)
        bytes.append(UInt8(ascii: ":"))
        write(&self)
    }

    mutating func array<Value>(_ values: [Value], _ write: (inout FlatJSON, Value) -> Void) {
        bytes.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(&self, value)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    mutating func text(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(Self.digits[Int(byte >> 4)])
                bytes.append(Self.digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func number(_ number: Int) { bytes.append(contentsOf: String(number).utf8) }

    mutating func flag(_ flag: Bool) { bytes.append(contentsOf: (flag ? "true" : "false").utf8) }

    mutating func null() { bytes.append(contentsOf: "null".utf8) }
}

extension FlatJSON {
    /// An object of texts.
    package static func of(_ members: [String: String]) -> String {
        var json = FlatJSON()
        json.object(members) { $0.text($1) }
        return json.text
    }

    /// What a gate looked at.
    static func of(_ checks: [Gated.Check]) -> String {
        var json = FlatJSON()
        json.array(checks) { json, check in
            json.bytes.append(UInt8(ascii: "{"))
            json.member("check") { $0.text(check.check) }
            json.bytes.append(UInt8(ascii: ","))
            json.member("passed") { $0.flag(check.passed) }
            json.bytes.append(UInt8(ascii: ","))
            json.member("detail") { $0.text(check.detail) }
            json.bytes.append(UInt8(ascii: "}"))
        }
        return json.text
    }

    static func of(_ members: [String: EventValue]) -> String {
        var json = FlatJSON()
        json.object(members) { json, value in
            switch value {
            case .text(let text): json.text(text)
            case .number(let number): json.number(number)
            case .none: json.null()
            }
        }
        return json.text
    }
}
