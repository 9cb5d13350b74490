import Curl
import Testing

@Suite struct `What may reach libcurl` {
    @Test(arguments: [
        "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
        "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9",
        "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "0.0.0.0", "0.1.2.3", "::", "::1",
        "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1",
        "2001:db8::1", "2002:7f00:1::", "fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1",
    ])
    func `a special address is not public`(address: String) {
        #expect(AddressGate.isPublic(address) == false)
    }

    @Test(arguments: [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.0.0.1", "128.0.0.1",
        "169.253.0.1", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.0.1", "192.169.0.1", "198.17.0.1",
        "198.20.0.1", "223.255.255.255", "::ffff:8.8.8.8", "2001:4860::1", "2a00:1450::1", "2003::1", "2606:4700::1",
    ])
    func `its neighbours are`(address: String) {
        #expect(AddressGate.isPublic(address) == true)
    }

    @Test(arguments: ["localhost", "", "1.2.3", "1.2.3.4.5", "::g", "2130706433"])
    func `a name is no address`(text: String) {
        #expect(AddressGate.isPublic(text) == nil)
    }

    @Test(arguments: [
        "b@ex.test>\r\nRSET\r\nRCPT TO:<c@ex.test", "b@ex.test\n", "b c@ex.test", "<b@ex.test>", "jörg@ex.test",
        "b@ex.test\0", "", "b@ex.test\u{7F}",
    ])
    func `an address that could end its command is no envelope`(recipient: String) {
        #expect(throws: CurlError.address) { try WireMail(sender: "a@ex.test", recipient: recipient, bytes: [1]) }
        guard !recipient.isEmpty else { return }
        #expect(throws: CurlError.address) { try WireMail(sender: recipient, recipient: "b@ex.test", bytes: [1]) }
    }

    @Test(arguments: ["", "a b", "a/b", "a@b", "user:word@host", "host?x", "host#x", "[::1]", "höst", "a\r\nb", "%31"])
    func `a host that could bend the address of the server is refused`(host: String) {
        #expect(throws: CurlError.host) {
            try MailEndpoint(host: host, port: 25, encryption: .starttls, greetingName: "w.test")
        }
    }

    @Test func `ports and greeting names are checked`() {
        #expect(throws: CurlError.port) {
            try MailEndpoint(host: "h", port: 65_536, encryption: .starttls, greetingName: "w.test")
        }
        for name in ["", "w\r\nRSET", "w/../x", "w x"] {
            #expect(throws: CurlError.greetingName) {
                try MailEndpoint(host: "h", port: 25, encryption: .starttls, greetingName: name)
            }
        }
    }
}
