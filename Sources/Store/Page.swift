package import Dunning

/// A piece of a list, newest first: at most `count` things made before the one last seen.
package struct Page<Kind: Identified>: Sendable, Hashable {
    package let before: ID<Kind>?
    package let count: Int

    package init(before: ID<Kind>? = nil, count: Int) {
        self.before = before
        self.count = count
    }
}
