/// A mistake in a recipe, with the place it was made at.
package struct RecipeProblem: Sendable, Hashable {
    /// A JSON pointer into the recipe (RFC 6901).
    package let pointer: String
    package let code: String
    package let detail: String
}

/// Everything wrong with a recipe.
package struct RecipeError: Error, Sendable, Hashable {
    package let problems: [RecipeProblem]
}
