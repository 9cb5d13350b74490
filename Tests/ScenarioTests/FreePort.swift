import Foundation
import Support

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// TCP ports that nobody listened on a moment ago, all different.
enum FreePort {
    static func take(_ count: Int) throws -> [Int] {
        var descriptors: [Int32] = []
        defer { for descriptor in descriptors { close(descriptor) } }
        return try (0..<count).map { _ in
            let descriptor = socket(AF_INET, stream, 0)
            guard descriptor >= 0 else { throw Unhelpful("no socket") }
            descriptors.append(descriptor)
            return try bound(descriptor)
        }
    }

    #if canImport(Glibc)
    private static let stream = Int32(SOCK_STREAM.rawValue)
    #else
    private static let stream = SOCK_STREAM
    #endif

    private static func bound(_ descriptor: Int32) throws -> Int {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                let status = unsafe bind(descriptor, raw, size)
                return unsafe status == 0 ? getsockname(descriptor, raw, &size) : status
            }
        }
        guard status == 0 else { throw Unhelpful("no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
