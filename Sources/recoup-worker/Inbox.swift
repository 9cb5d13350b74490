/// Things put in by many and taken out in batches by one.
actor Inbox<Item: Sendable> {
    private var items: [Item] = []
    private var waiter: CheckedContinuation<Void, Never>?
    private var isClosed = false

    func put(_ item: Item) {
        items.append(item)
        wake()
    }

    /// After this, `next` hands out what is left and then nil.
    func close() {
        isClosed = true
        wake()
    }

    /// Everything there is, at most `limit`; waits while there is nothing.
    func next(_ limit: Int) async -> [Item]? {
        while items.isEmpty {
            if isClosed { return nil }
            await withCheckedContinuation { waiter = $0 }
        }
        return rest(limit)
    }

    /// What there is now, at most `limit`; waits for nothing.
    func rest(_ limit: Int) -> [Item] {
        let batch = Array(items.prefix(limit))
        items.removeFirst(batch.count)
        return batch
    }

    private func wake() {
        waiter?.resume()
        waiter = nil
    }
}
