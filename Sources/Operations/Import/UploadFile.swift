package import Dunning
package import Postgres
import Store

extension ReceiveImport {
    /// Takes a whole file in as it comes, and queues it. What broke off is thrown away.
    ///
    /// Throws ``Rejection`` for what cannot be used, and what `chunks` throws.
    /// - Parameters:
    ///   - database: of a role that may keep pieces, `recoup_api` or `recoup_bulk`.
    ///   - limit: bytes at most; more is ``TooLarge``.
    package func run<Chunks: AsyncSequence>(
        _ chunks: Chunks, upTo limit: Int = ImportLimits().upload, on database: Database, _ context: Context
    ) async throws -> ID<Import> where Chunks.Element: Collection<UInt8> {
        let scope = Scope.tenant(context.tenant.uuid)
        let id = try await database.write(as: scope) { tx in try begin(in: &tx, context) }
        var upload = Upload(id)
        var seen = 0
        do {
            // What is too large is read on and thrown away, up to a point: a client that sends before it listens would
            // otherwise never come to hear that it was too much.
            for try await chunk in chunks where seen <= limit + Self.patience {
                seen += chunk.count
                guard seen <= limit else { continue }
                for piece in upload.take(chunk) { try await keep(piece, of: id, in: database, context) }
            }
            guard seen <= limit else { throw TooLarge(limit: limit) }
            if let last = upload.last() { try await keep(last, of: id, in: database, context) }
            let whole = upload
            try await database.write(as: scope) { tx in try whole.end(in: &tx, context) }
            return id
        } catch {
            // The first error is the one to tell; what stays is cleared away by the next upload.
            try? await database.write(as: scope) { tx in
                try tx.abandon(id, code: "upload_broken", problem: "the upload broke off", at: context.now)
            }
            throw error
        }
    }

    /// Bytes of a file that is too large which are read all the same.
    private static let patience = 256 * 1_048_576

    /// More bytes than an upload may have.
    package struct TooLarge: Error {
        package let limit: Int
    }

    private func keep(
        _ piece: (number: Int, bytes: [UInt8]), of id: ID<Import>, in database: Database, _ context: Context
    ) async throws {
        try await database.write(as: .tenant(context.tenant.uuid)) { tx in
            try tx.addPiece(piece.bytes, number: piece.number, of: id)
        }
    }
}
