/// The description of the API, as it stands at the top of the repository.
enum APIDescription {
    static let text = String(decoding: PackageResources.openapi_yaml, as: UTF8.self)
}
