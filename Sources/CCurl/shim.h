#ifndef RECOUP_CCURL_SHIM_H
#define RECOUP_CCURL_SHIM_H

// Swift cannot call C functions with variable arguments. One function per kind of argument, and the one callback
// that has to be C; nothing else lives here.

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

// PROTOCOLS_STR is the only way to name the allowed protocols that has a future; older releases lack it.
#if LIBCURL_VERSION_NUM < 0x075500
#error "libcurl 7.85.0 or later is needed"
#endif

static inline CURLcode recoup_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode recoup_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode recoup_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode recoup_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode recoup_curl_set_data(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode recoup_curl_set_transfer(CURL *handle, CURLoption option, curl_read_callback value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode recoup_curl_set_seek(CURL *handle, curl_seek_callback value) {
    return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, value);
}

static inline CURLMcode recoup_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static inline CURLcode recoup_curl_set_progress(CURL *handle, curl_xferinfo_callback value) {
    return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}

static inline CURLcode recoup_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode recoup_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}

// What the socket callback may open, and what it did since the counters were last cleared.
struct recoup_socket_gate {
    int private_allowed;
    int opened;
    int refused;
};

static inline int recoup_ipv4_within(uint32_t address, uint32_t network, int bits) {
    return (address >> (32 - bits)) == (network >> (32 - bits));
}

// RFC 6890 special purpose registry, IPv4 part. The address is in host byte order.
static inline int recoup_ipv4_is_public(uint32_t address) {
    static const struct { uint32_t network; int bits; } closed[] = {
        {0x00000000, 8},   // this network, unspecified
        {0x0A000000, 8},   // private
        {0x64400000, 10},  // shared by carriers
        {0x7F000000, 8},   // loopback
        {0xA9FE0000, 16},  // link local, and the metadata addresses of clouds
        {0xAC100000, 12},  // private
        {0xC0000000, 24},  // IETF protocol assignments
        {0xC0000200, 24},  // documentation
        {0xC0586300, 24},  // 6to4 relays
        {0xC0A80000, 16},  // private
        {0xC6120000, 15},  // benchmarks
        {0xC6336400, 24},  // documentation
        {0xCB007100, 24},  // documentation
        {0xE0000000, 4},   // multicast
        {0xF0000000, 4},   // reserved, broadcast
    };
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++) {
        if (recoup_ipv4_within(address, closed[i].network, closed[i].bits)) return 0;
    }
    return 1;
}

static inline int recoup_ipv6_within(const uint8_t *address, const uint8_t *network, int bits) {
    int whole = bits / 8, rest = bits % 8;
    if (memcmp(address, network, (size_t)whole) != 0) return 0;
    return rest == 0 || (address[whole] >> (8 - rest)) == (network[whole] >> (8 - rest));
}

// RFC 6890, IPv6 part. A mapped IPv4 address is judged as what it maps; every way to tunnel IPv4 is closed, since the
// address behind it cannot be trusted to be the one that is reached.
static inline int recoup_ipv6_is_public(const uint8_t *address) {
    static const uint8_t mapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static const struct { uint8_t network[16]; int bits; } closed[] = {
        {{0}, 96},                       // unspecified, loopback, the old compatible form
        {{0x00, 0x64, 0xff, 0x9b}, 96},  // NAT64
        {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48},  // NAT64, local use
        {{0x01, 0x00}, 64},              // discard
        {{0x20, 0x01, 0x00, 0x00}, 23},  // protocol assignments, Teredo among them
        {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
        {{0x20, 0x02}, 16},              // 6to4
        {{0x3f, 0xff}, 20},              // documentation
        {{0xfc}, 7},                     // unique local
        {{0xfe, 0x80}, 10},              // link local
        {{0xfe, 0xc0}, 10},              // site local, deprecated
        {{0xff}, 8},                     // multicast
    };
    if (recoup_ipv6_within(address, mapped, 96)) {
        return recoup_ipv4_is_public((uint32_t)address[12] << 24 | (uint32_t)address[13] << 16
                                     | (uint32_t)address[14] << 8 | (uint32_t)address[15]);
    }
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++) {
        if (recoup_ipv6_within(address, closed[i].network, closed[i].bits)) return 0;
    }
    return 1;
}

static inline int recoup_address_is_public(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        return recoup_ipv4_is_public(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        return recoup_ipv6_is_public(v6.sin6_addr.s6_addr);
    }
    return 0;
}

// Sees the resolved address, so neither a numeric disguise nor a name that resolves differently the second time helps.
static inline curl_socket_t recoup_open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address) {
    struct recoup_socket_gate *gate = (struct recoup_socket_gate *)data;
    (void)purpose;
    if (!gate->private_allowed && !recoup_address_is_public(&address->addr)) {
        gate->refused += 1;
        return CURL_SOCKET_BAD;
    }
    gate->opened += 1;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static inline CURLcode recoup_curl_set_gate(CURL *handle, struct recoup_socket_gate *gate) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, recoup_open_socket);
    if (code != CURLE_OK) return code;
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, gate);
}

#endif
