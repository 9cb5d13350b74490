/// How a simulation gives days for first contacts: all who wait are there, the largest debt goes first, and cases of one customer
/// share a day.
extension Simulation {
    mutating func givePlaces() {
        // A day that does not suit a case after all is asked for anew; one that never comes is not asked for for ever.
        for _ in 0..<10 where !wishes.isEmpty {
            guard var contacts = firstContacts else { return }
            let waiting = self.waiting
            wishes = [:]
            let places = contacts.places(for: FirstContacts.joined(waiting.filter { $0.shared == nil }.map(\.waiting)))
            firstContacts = contacts
            var served: Set<ID<Customer>> = []
            for one in waiting {
                guard let day = one.shared ?? places[one.waiting.customer] else { continue }
                cases[one.index].truth.safety.place = day
                cases[one.index].truth.safety.wantedFrom = one.waiting.from
                served.insert(one.waiting.customer)
            }
            for customer in served.sorted() { replan(customer) }
        }
    }

    private struct Waiting {
        let index: Int
        let waiting: FirstContacts.Waiting
        /// The day another case of the same customer has, where it is of use.
        let shared: Day?
    }

    private var waiting: [Waiting] {
        wishes.sorted { $0.key < $1.key }.map { index, wish in
            let state = cases[index].truth.state
            let others = (ofCustomer[state.customer] ?? []).filter { wishes[$0] == nil }
                .compactMap { cases[$0].truth.safety.place }
            return Waiting(
                index: index,
                waiting: FirstContacts.Waiting(
                    customer: state.customer, brand: state.brand, from: wish.day,
                    value: state.currency.thousandths(wish.value)),
                shared: others.filter { $0 >= wish.day }.min())
        }
    }

    /// Who would wait for a day of a first contact as things stand, before anything happens.
    package mutating func wanted() -> [FirstContacts.Waiting] {
        for customer in ofCustomer.keys.sorted() { replan(customer) }
        return waiting.filter { $0.shared == nil }.map(\.waiting)
    }
}
