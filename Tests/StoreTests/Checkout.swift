import Foundation

/// The files these tests look at, found from where this one lies.
enum Checkout {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Files below a folder, by their path in the checkout.
    static func files(below folder: String, ending suffix: String) throws -> [(path: String, text: String)] {
        let start = root.appending(path: folder)
        guard let found = FileManager.default.enumerator(atPath: start.path) else {
            throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: start.path])
        }
        return try found.compactMap { $0 as? String }.filter { $0.hasSuffix(suffix) }.sorted().map { path in
            let file = start.appending(path: path)
            return ("\(folder)/\(path)", try String(contentsOf: file, encoding: .utf8))
        }
    }
}
