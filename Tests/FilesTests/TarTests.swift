import Files
import Foundation
import Testing

/// Archives as the tar of the system reads them.
@Suite struct TarTests {
    @Test func `tar lists and unpacks what was put in`() throws {
        let contents: [(String, [UInt8])] = [
            ("a/empty.txt", []), ("a/one.bin", [0]), ("a/block.bin", [UInt8](repeating: 7, count: 512)),
            ("a/b/more.bin", (0..<1_300).map { UInt8($0 % 256) }),
        ]
        var archive = TarArchive(modified: 1_795_000_000)
        for (name, content) in contents { archive.add(name, content) }
        #expect(archive.bytes.count % 512 == 0)
        let folder = FileManager.default.temporaryDirectory.appending(path: "tar-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(archive.bytes).write(to: folder.appending(path: "x.tar"))
        let tar = Process()
        tar.executableURL = URL(filePath: "/usr/bin/tar")
        tar.arguments = ["xf", "x.tar"]
        tar.currentDirectoryURL = folder
        try tar.run()
        tar.waitUntilExit()
        #expect(tar.terminationStatus == 0)
        for (name, content) in contents {
            #expect([UInt8](try Data(contentsOf: folder.appending(path: name))) == content, "\(name)")
        }
        let attributes = try FileManager.default.attributesOfItem(
            atPath: folder.appending(path: "a/one.bin").path)
        #expect((attributes[.modificationDate] as? Date)?.timeIntervalSince1970 == 1_795_000_000)
    }
}
