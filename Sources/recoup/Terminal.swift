import Foundation
import Glibc
import Host
import Synchronization

/// What people see while a command works: on a terminal it is drawn over, elsewhere it is told line by line.
enum Terminal {
    static var isErrorShown: Bool { isatty(STDERR_FILENO) == 1 }
    static var isInputTyped: Bool { isatty(STDIN_FILENO) == 1 }

    /// Asks for a line on standard error; `nil` at the end of input.
    static func ask(_ question: String) -> String? {
        FileHandle.standardError.write(Data((question + " ").utf8))
        return readLine()
    }

    /// Lines of columns, each as wide as its widest cell; the last is not padded.
    static func table(_ rows: [[String]]) -> String {
        var widths: [Int] = []
        for row in rows {
            for (index, cell) in row.enumerated() {
                if index == widths.count { widths.append(0) }
                widths[index] = max(widths[index], cell.count)
            }
        }
        return rows.map { row in
            row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}

/// A bar on a terminal; without one a line now and then, so that logs stay readable.
final class ProgressBar: Sendable {
    private static let width = 30
    private let isDrawn: Bool
    private let lastTenth = Mutex<Int?>(nil)

    init(isDrawn: Bool = Terminal.isErrorShown) {
        self.isDrawn = isDrawn
    }

    func show(done: Int, of total: Int, note: String) {
        let share = total == 0 ? 1 : Double(done) / Double(total)
        let tenth = Int(share * 10)
        let isNews = lastTenth.withLock { last in
            defer { last = tenth }
            return last != tenth
        }
        guard isDrawn else {
            if isNews { StandardError.write("\(done) of \(total) \(note)") }
            return
        }
        let filled = Int(share * Double(Self.width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        FileHandle.standardError.write(Data("\r\u{1B}[2K\(bar) \(done) of \(total) \(note)".utf8))
    }

    /// A drawn line is overwritten by the next; this one stays.
    func end() {
        if isDrawn, lastTenth.withLock({ $0 }) != nil { FileHandle.standardError.write(Data("\n".utf8)) }
    }
}
