/// The wanted values of a JSON object as a tree of keys.
struct JSONPaths {
    struct Key {
        let name: [UInt8]
        /// Which field its value fills.
        var field: Int?
        /// Where the keys of its value stand, if that is an object.
        var node: Int?
    }

    private struct Node {
        var keys: [Key] = []
        /// Where the next key is looked for first: objects of a file have their keys in one order.
        var next = 0
    }

    private var nodes = [Node()]

    /// `customer.name` is the name within the customer, or the key `customer.name` of an object that is flat.
    init(_ paths: [String]) {
        for (field, path) in paths.enumerated() {
            add(path.utf8.split(separator: UInt8(ascii: ".")).map(Array.init), field)
        }
    }

    private mutating func add(_ parts: [[UInt8]], _ field: Int) {
        guard let last = parts.last else { return }
        var node = 0
        for (index, part) in parts.dropLast().enumerated() {
            place(Array(parts[index...].joined(separator: [UInt8(ascii: ".")])), node) { $0.field = field }
            let below = nodes[node].keys.first { $0.name == part }?.node ?? nodes.count
            if below == nodes.count { nodes.append(Node()) }
            place(part, node) { $0.node = below }
            node = below
        }
        place(last, node) { $0.field = field }
    }

    private mutating func place(_ name: [UInt8], _ node: Int, _ change: (inout Key) -> Void) {
        let index = nodes[node].keys.firstIndex { $0.name == name } ?? nodes[node].keys.count
        if index == nodes[node].keys.count { nodes[node].keys.append(Key(name: name)) }
        change(&nodes[node].keys[index])
    }

    /// The key of this name below `node`.
    mutating func find(_ name: ArraySlice<UInt8>, below node: Int) -> (field: Int?, node: Int?)? {
        let count = nodes[node].keys.count
        var index = nodes[node].next
        for _ in 0..<count {
            if index >= count { index = 0 }
            if nodes[node].keys[index].name.elementsEqual(name) {
                nodes[node].next = index + 1
                return (nodes[node].keys[index].field, nodes[node].keys[index].node)
            }
            index += 1
        }
        return nil
    }
}
