import Foundation
import Glibc

/// How long a server takes to answer on an idle session.
enum RoundTrip {
    /// The median of NOOPs on one SMTP session, in seconds.
    static func noop(port: Int, tries: Int = 200) throws -> Double {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Complaint("no socket: \(errno)") }
        let session = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Complaint("nobody answers on port \(port)") }
        try answer(session)
        try say("HELO bench.example", session)
        var times: [Double] = []
        for _ in 0..<tries {
            let begin = ContinuousClock.now
            try say("NOOP", session)
            times.append((ContinuousClock.now - begin).inSeconds)
        }
        return Measurement.median(times)
    }

    private static func say(_ line: String, _ session: FileHandle) throws {
        try session.write(contentsOf: Data("\(line)\r\n".utf8))
        try answer(session)
    }

    private static func answer(_ session: FileHandle) throws {
        guard session.availableData.last == UInt8(ascii: "\n") else { throw Complaint("the server hung up") }
    }
}
