import Crypto
package import Dunning
import Foundation
package import Postgres
import Queue
package import Store

/// Takes in the bytes of a file, piece by piece, and hands it to the workers when the last one is safe.
package struct ReceiveImport: Sendable {
    /// The mapping, as itself or by the name under which it is stored.
    package enum Choice: Sendable {
        case named(String)
        case given(ImportMapping)
    }

    let choice: Choice
    let mode: ImportRecord.Mode
    let source: String?
    let isSnapshot: Bool?
    let policy: EntryPolicy?
    let fileName: String?

    /// - Parameters:
    ///   - source, isSnapshot: instead of what the mapping says.
    ///   - policy: how new cases enter. Where nobody chose, many or old debts wait for a person; in shadow the activation
    ///     decides.
    package init(
        _ choice: Choice, mode: ImportRecord.Mode = .partial, source: String? = nil, isSnapshot: Bool? = nil,
        policy: EntryPolicy? = nil, fileName: String? = nil
    ) {
        self.choice = choice
        self.mode = mode
        self.source = source
        self.isSnapshot = isSnapshot
        self.policy = policy
        self.fileName = fileName
    }

    /// Opens an import. Throws ``Rejection`` for a mapping or brand that cannot be used.
    package func begin(in tx: inout Transaction, _ context: Context) throws -> ID<Import> {
        let (mapping, name) = try chosen(in: &tx)
        let source = source ?? mapping.source
        try TextRule.line(upTo: 100).check(source, at: "?source")
        let isSnapshot = isSnapshot ?? mapping.isSnapshot
        guard !isSnapshot || mapping.has(.invoice) else {
            throw Rejection.invalid("?snapshot", "no_invoices", "a list of open items has to name invoices")
        }
        try abandonStale(in: &tx, context)
        let id = ID<Import>.make(at: context.now)
        try tx.startImport(
            NewImport(
                id: id, mode: mode, source: source, isSnapshot: isSnapshot,
                brand: try Self.brand(mapping, in: &tx).id, mapping: mapping.json, mappingName: name,
                fileName: fileName, policy: policy), by: context.actor, at: context.now)
        return id
    }

    private func chosen(in tx: inout Transaction) throws -> (ImportMapping, name: String?) {
        switch choice {
        case .given(let mapping): return (mapping, nil)
        case .named(let name):
            guard let stored = try tx.mapping(name) else {
                throw Rejection.invalid("?mapping", "unknown_mapping", "there is no mapping of this name")
            }
            return (try ImportMapping(json: stored.mapping.text), name)
        }
    }

    /// Nobody ends an upload whose process is gone; the next one clears it away.
    private func abandonStale(in tx: inout Transaction, _ context: Context) throws {
        for stale in try tx.staleImports(before: context.now.adding(minutes: -60)) {
            try tx.abandon(
                stale, code: "upload_broken", problem: "the upload did not come to an end", at: context.now)
        }
    }

    private static func brand(_ mapping: ImportMapping, in tx: inout Transaction) throws -> ImportBrand {
        let brands = try tx.importBrands(named: mapping.brand)
        guard let brand = brands.first else {
            throw mapping.brand == nil
                ? Rejection.forbiddenByState(code: "no_brand", detail: "the tenant has no brand yet; make one first")
                : Rejection.invalid("/brand", "unknown_brand", "the tenant has no brand of this name or id")
        }
        guard brands.count == 1 else {
            throw Rejection.invalid(
                "/brand", "required", "the tenant has several brands; the mapping says which by id or name")
        }
        return brand
    }
}

extension ReceiveImport {
    /// The bytes of one upload on their way into the database: never more than a piece of them in memory.
    package struct Upload: Sendable {
        /// What a piece holds at most; the schema has the same number.
        package static let pieceSize = 1_048_576

        package let id: ID<Import>
        private var rest: [UInt8] = []
        private var hash = SHA256()
        private var pieces = 0
        private(set) package var size: Int64 = 0

        package init(_ id: ID<Import>) { self.id = id }

        /// Takes bytes in, and hands out what makes a whole piece with its number.
        package mutating func take(_ bytes: some Sequence<UInt8>) -> [(number: Int, bytes: [UInt8])] {
            rest.append(contentsOf: bytes)
            var full: [(Int, [UInt8])] = []
            while rest.count >= Self.pieceSize { full.append(cut(Self.pieceSize)) }
            return full
        }

        /// The last piece; `nil` when there is nothing left.
        package mutating func last() -> (number: Int, bytes: [UInt8])? {
            rest.isEmpty ? nil : cut(rest.count)
        }

        private mutating func cut(_ count: Int) -> (Int, [UInt8]) {
            let piece = Array(rest.prefix(count))
            rest.removeFirst(count)
            hash.update(data: piece)
            size += Int64(count)
            defer { pieces += 1 }
            return (pieces, piece)
        }

        /// Everything is safe: from here on it is the workers'.
        package func end(in tx: inout Transaction, _ context: Context) throws {
            guard size > 0 else {
                throw Rejection.invalid("", "empty_file", "the file is empty")
            }
            guard
                try tx.endReceiving(
                    id, pieces: pieces, size: size, sha256: Array(hash.finalize()), at: context.now)
            else { throw Rejection.forbiddenByState(code: "not_receiving", detail: "the upload was given up") }
            try tx.audit(context, action: "import.received", subject: id.uuid, detail: ["bytes": "\(size)"])
            try ReceiveImport.queue(id, in: &tx, context)
        }
    }

    /// Puts an import where a worker finds it.
    package static func queue(_ id: ID<Import>, in tx: inout Transaction, _ context: Context) throws {
        try tx.enqueue([NewDue(kind: .import, ref: id.uuid, lane: try tx.lane(.bulk), runAt: context.now)])
    }
}
