import CCurl
import Glibc

/// The rule that decides which addresses may be connected to.
///
/// Every connection is checked by the same C function when its socket is opened; this door to it serves settings that
/// name a numeric address, so that a wrong one is refused when it is saved.
package enum AddressGate {
    /// Whether a numeric IPv4 or IPv6 address is on the public internet; nil if the text is no numeric address.
    package static func isPublic(_ numeric: String) -> Bool? {
        var v4 = in_addr()
        if inet_pton(AF_INET, numeric, &v4) == 1 {
            return recoup_ipv4_is_public(UInt32(bigEndian: v4.s_addr)) == 1
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, numeric, &v6) == 1 else { return nil }
        return withUnsafeBytes(of: v6) { recoup_ipv6_is_public($0.bindMemory(to: UInt8.self).baseAddress) == 1 }
    }
}
