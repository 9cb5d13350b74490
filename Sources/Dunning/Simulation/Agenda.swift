/// What is to happen when, the earliest first: a binary heap over instants. Of two things at one instant the one with the
/// lower number comes first, so that a simulation is the same each time.
struct Agenda {
    struct Entry: Hashable {
        let at: Instant
        let number: Int

        static func < (left: Entry, right: Entry) -> Bool {
            left.at == right.at ? left.number < right.number : left.at < right.at
        }
    }

    private var heap: [Entry] = []

    var next: Entry? { heap.first }

    mutating func add(_ at: Instant, _ number: Int) {
        heap.append(Entry(at: at, number: number))
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func popFirst() -> Entry? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            guard least != parent else { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
