import Foundation

/// A file piece by piece, from a disk or from memory.
struct FileChunks: AsyncSequence, Sendable {
    typealias Element = Data

    fileprivate enum Place: Sendable {
        case file(URL)
        case bytes([UInt8])
    }

    private static let size = 262_144
    private let place: Place

    init(_ bytes: [UInt8]) { place = .bytes(bytes) }

    init(contentsOf file: URL) { place = .file(file) }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var place: Place
        private var handle: FileHandle?
        private var offset = 0

        fileprivate init(place: Place) { self.place = place }

        mutating func next() async throws -> Data? {
            switch place {
            case .bytes(let bytes):
                guard offset < bytes.count else { return nil }
                let end = Swift.min(offset + FileChunks.size, bytes.count)
                defer { offset = end }
                return Data(bytes[offset..<end])
            case .file(let url):
                let file = try handle ?? FileHandle(forReadingFrom: url)
                handle = file
                let data = try file.read(upToCount: FileChunks.size)
                return data.flatMap { $0.isEmpty ? nil : $0 }
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(place: place) }
}
