// Is what a rule matched a secret, or what people write in its place?
#pragma once

#include <cstddef>
#include <string_view>

namespace forge {

/// Shannon entropy in bits per byte.
double entropy(std::string_view text);

/// True for what stands in documents instead of a secret: "changeme", "<your-key>", "${VAR}", "xxxx",
/// "AKIAIOSFODNN7EXAMPLE", and for references to where the secret is ("vault:…", "process.env.X").
bool is_placeholder(std::string_view value);

/// True for a password that documents and local set-ups use: "password", "postgres", "${PASSWORD}".
bool is_weak_login(std::string_view password);

/// Where a host ends, that a text begins with, and how far one is looked for.
constexpr std::string_view host_ends = ":/?\"'<> \t\r\n";
constexpr std::size_t longest_host = 255;   // RFC 1035 section 2.3.4

/// True when a text begins with a host that documents and local set-ups use: "db.example.com/x", "localhost:5432".
bool is_documents_host(std::string_view text);

/// An assignment as the patterns find it.
struct Assignment {
    std::string_view before;     // what of the name stands before the keyword: "next_page_"
    std::string_view rest;       // and after it: "_url"
    std::string_view value{};
    bool literal = false;        // in quotes, or as in NAME=value: no name of another value
};

/// True for the name of a setting that holds a secret: "DB_PASSWORD", "apiKey", not "PASSWORD_FILE", "TOKEN_TTL".
bool is_secret_name(std::string_view name);

/// True when the name means a secret (no "token_url") and the value looks like a password.
bool is_password(const Assignment& assignment);
/// True when the name means a secret and the value looks random.
bool is_random_token(const Assignment& assignment);

}
