// URI references as $id and $ref use them (RFC 3986).
#include "schema/uri.h"

#include "base/text.h"

namespace forge::schema {

namespace {

std::string_view cut(std::string_view& text, std::size_t size)
{
    const auto part = text.substr(0, size);
    text.remove_prefix(part.size());
    return part;
}

// Section 5.2.4.
std::string without_dot_segments(std::string_view path)
{
    std::string out;
    while (!path.empty()) {
        if (path.starts_with("../")) {
            path.remove_prefix(3);
        } else if (path.starts_with("./") || path.starts_with("/./")) {
            path.remove_prefix(2);
        } else if (path == "/." || path.starts_with("/../") || path == "/..") {
            if (path != "/.")
                out.erase(out.rfind('/') == std::string::npos ? 0 : out.rfind('/'));
            path = path.size() <= 3 ? std::string_view{"/"} : path.substr(3);
        } else if (path == "." || path == "..") {
            path = {};
        } else {
            out += cut(path, path.find('/', 1));
        }
    }
    return out;
}

std::string merged(const UriParts& base, std::string_view path)
{
    if (!base.authority.empty() && base.path.empty())
        return "/" + std::string{path};
    const auto slash = base.path.rfind('/');
    return std::string{slash == std::string_view::npos ? "" : base.path.substr(0, slash + 1)} + std::string{path};
}

std::string text(std::string_view scheme, std::string_view authority, std::string_view path, std::string_view query,
                 std::string_view fragment)
{
    std::string uri;
    for (const auto part : {scheme, authority, path, query, fragment})
        uri += part;
    return uri;
}

}

UriParts uri_parts(std::string_view uri)
{
    UriParts parts;
    const auto mark = uri.find_first_of(":/?#");
    if (mark != std::string_view::npos && mark > 0 && uri[mark] == ':')
        parts.scheme = cut(uri, mark + 1);
    if (uri.starts_with("//"))
        parts.authority = cut(uri, uri.find_first_of("/?#", 2));
    parts.path = cut(uri, uri.find_first_of("?#"));
    if (uri.starts_with('?'))
        parts.query = cut(uri, uri.find('#'));
    parts.fragment = uri;
    return parts;
}

std::string resolve_uri(std::string_view base_uri, std::string_view reference)
{
    const UriParts base = uri_parts(base_uri);
    const UriParts given = uri_parts(reference);
    if (!given.scheme.empty() || base_uri.empty())
        return std::string{reference};
    if (!given.authority.empty())
        return text(base.scheme, given.authority, without_dot_segments(given.path), given.query, given.fragment);
    if (given.path.empty())
        return text(base.scheme, base.authority, base.path, given.query.empty() ? base.query : given.query,
                    given.fragment);
    const std::string path = given.path.starts_with('/') ? std::string{given.path} : merged(base, given.path);
    return text(base.scheme, base.authority, without_dot_segments(path), given.query, given.fragment);
}

std::pair<std::string, std::string> split_fragment(std::string_view uri)
{
    const auto mark = uri.find('#');
    if (mark == std::string_view::npos)
        return {std::string{uri}, {}};
    return {std::string{uri.substr(0, mark)}, std::string{uri.substr(mark + 1)}};
}

std::optional<std::string> percent_decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const auto byte = from_hex(text.substr(i + 1, 2));
        if (!byte || byte->empty())
            return std::nullopt;
        out += *byte;
        i += 2;
    }
    return out;
}

}
