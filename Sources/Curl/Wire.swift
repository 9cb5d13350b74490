import CCurl
import Synchronization

/// What libcurl's callbacks see of the transfer under way.
///
/// It is used on its session's thread only, where libcurl calls back from inside `curl_easy_perform` and
/// `curl_easy_cleanup`; the flag alone is set from elsewhere.
final class Wire {
    var bytes: [UInt8] = []
    var offset = 0
    var conversation = Conversation(startsTLS: false, logsIn: false)
    let gate = UnsafeMutablePointer<recoup_socket_gate>.allocate(capacity: 1)
    private let stopping: StopFlag

    init(privateAllowed: Bool, stopping: StopFlag) {
        gate.initialize(to: recoup_socket_gate(private_allowed: privateAllowed ? 1 : 0, opened: 0, refused: 0))
        self.stopping = stopping
    }

    deinit {
        gate.deallocate()
    }

    func begin(_ mail: [UInt8], _ conversation: Conversation) {
        bytes = mail
        offset = 0
        self.conversation = conversation
        gate.pointee.opened = 0
        gate.pointee.refused = 0
    }

    /// Points every callback of `easy` at this object, which has to outlive it.
    func attach(to easy: UnsafeMutableRawPointer) -> [CURLcode] {
        let me = Unmanaged.passUnretained(self).toOpaque()
        return [
            recoup_curl_set_transfer(easy, CURLOPT_READFUNCTION) { buffer, size, count, data in
                guard let buffer, let data else { return 0 }
                return Unmanaged<Wire>.fromOpaque(data).takeUnretainedValue().give(into: buffer, size * count)
            },
            recoup_curl_set_data(easy, CURLOPT_READDATA, me),
            recoup_curl_set_transfer(easy, CURLOPT_HEADERFUNCTION) { buffer, size, count, data in
                guard let buffer, let data else { return 0 }
                let line = UnsafeRawBufferPointer(start: buffer, count: size * count)
                Unmanaged<Wire>.fromOpaque(data).takeUnretainedValue().hear(line)
                return size * count
            },
            recoup_curl_set_data(easy, CURLOPT_HEADERDATA, me),
            // Without a receiver libcurl would print to standard output.
            recoup_curl_set_transfer(easy, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count },
            recoup_curl_set_progress(easy) { data, _, _, _, _ in
                guard let data else { return 1 }
                return Unmanaged<Wire>.fromOpaque(data).takeUnretainedValue().stopping.isSet ? 1 : 0
            },
            recoup_curl_set_data(easy, CURLOPT_XFERINFODATA, me),
            recoup_curl_set_gate(easy, gate),
        ]
    }

    private func give(into buffer: UnsafeMutablePointer<CChar>, _ room: Int) -> Int {
        let count = min(room, bytes.count - offset)
        guard count > 0 else { return 0 }
        bytes.withUnsafeBytes { source in
            UnsafeMutableRawPointer(buffer).copyMemory(from: source.baseAddress! + offset, byteCount: count)
        }
        offset += count
        return count
    }

    private func hear(_ line: UnsafeRawBufferPointer) {
        conversation.take(line, isFresh: gate.pointee.opened > 0)
    }
}

/// Tells the transfer under way, and all later ones, to end.
final class StopFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() {
        flag.store(true, ordering: .relaxed)
    }
}
