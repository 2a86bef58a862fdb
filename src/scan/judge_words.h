// The words by which judge.cc knows what is no secret.
#pragma once

#include <array>
#include <string_view>

namespace forge::judge_words {

using namespace std::string_view_literals;

// In lower case, anywhere in a value.  The long one is of the token on jwt.io's front page.
inline constexpr std::array stand_ins{
    "example"sv, "changeme"sv, "change-me"sv, "change_me"sv, "change-this"sv, "change_this"sv, "changethis"sv,
    "placeholder"sv, "your-"sv, "your_"sv, "yourkey"sv, "yourtoken"sv, "yoursecret"sv, "yourpassword"sv,
    "yourapikey"sv, "my-secret"sv, "my_secret"sv, "mysecret"sv, "redacted"sv, "dummy"sv, "replace-me"sv,
    "replace_me"sv, "replaceme"sv, "replace-with"sv, "replace_with"sv, "insert-"sv, "insert_"sv, "enter-"sv,
    "fixme"sv, "not-a-secret"sv, "not_a_secret"sv, "notasecret"sv, "not-real"sv, "not_real"sv, "notreal"sv,
    "undefined"sv, "lorem"sv, "foobar"sv, "xxxx"sv, "****"sv, "...."sv, "____"sv, "0000000000"sv,
    "deadbeefdeadbeef"sv, "process.env"sv, "os.environ"sv, "getenv"sv, "secretref"sv, "secretkeyref"sv,
    "valuefrom"sv, "ssm:/"sv, "eyjzdwiioiixmjm0nty3odkwiiwibmftzsi6ikpvag4grg9l"sv, "your-256-bit-secret"sv,
};

// The same for short words, which a random text may hold by chance: apart from other letters.
inline constexpr std::array short_stand_ins{
    "fake"sv, "mock"sv, "todo"sv, "tbd"sv, "foo"sv, "bar"sv, "test-key"sv, "none"sv, "null"sv,
};

// Where a value begins like this, it says where the secret is, or it is the result of a hash.
inline constexpr std::array reference_starts{
    "$"sv, "${"sv,
    "{{"sv, "<"sv, "%("sv, "%{"sv, "#{"sv, "!"sv, "/"sv, "./"sv, "../"sv, "~/"sv, "file:"sv, "vault:"sv,
    "vault://"sv, "arn:"sv, "enc["sv, "enc("sv, "op://"sv, "secret://"sv, "env:"sv, "env."sv, "ref+"sv,
    "http://"sv, "https://"sv, "projects/"sv, "sha1-"sv, "sha256-"sv, "sha256:"sv, "sha384-"sv, "sha512-"sv,
    "sha512:"sv, "urn:"sv, "ssh-rsa"sv, "ssh-ed25519"sv, "bearer_"sv, "self."sv, "this."sv, "config."sv,
    "settings."sv, "secrets."sv, "var."sv, "local."sv, "data."sv,
};

// A name that goes on like this holds something about a secret, not the secret.
inline constexpr std::array about_a_secret{
    "hash"sv, "digest"sv, "url"sv, "uri"sv, "path"sv, "file"sv, "name"sv, "type"sv, "len"sv, "max"sv, "min"sv,
    "expir"sv, "ttl"sv, "timeout"sv, "policy"sv, "field"sv, "label"sv, "placeholder"sv, "regex"sv, "pattern"sv,
    "endpoint"sv, "ref"sv, "version"sv, "count"sv, "size"sv, "prefix"sv, "header"sv, "hint"sv, "prompt"sv,
    "title"sv, "text"sv, "message"sv, "error"sv, "reset"sv, "manager"sv, "provider"sv, "service"sv, "class"sv,
    "arn"sv, "algorithm"sv, "alg"sv, "format"sv, "validat"sv, "rotat"sv, "store"sv, "input"sv, "enabled"sv,
    "scope"sv, "issuer"sv, "audience"sv, "izer"sv, "ize"sv, "iz"sv, "ary"sv, "description"sv, "column"sv,
    "param"sv, "selector"sv, "test"sv, "env"sv, "var"sv, "key_id"sv, "keyid"sv, "public"sv, "check"sv,
    "strength"sv, "bucket"sv, "location"sv,
};
// A name that begins like this means another thing.
inline constexpr std::array about_something_else{
    "next"sv, "page"sv, "continuation"sv, "sync"sv, "csrf"sv, "xsrf"sv, "public"sv, "cache"sv, "etag"sv,
    "commit"sv, "idempotency"sv, "no_"sv, "anti"sv,
};

// What documents and local set-ups use.
inline constexpr std::array weak_passwords{
    "password"sv, "passwd"sv, "passwort"sv, "pass"sv, "pwd"sv, "pw"sv, "secret"sv, "postgres"sv, "postgresql"sv,
    "mysql"sv, "mariadb"sv, "mongo"sv, "mongodb"sv, "redis"sv, "rabbitmq"sv, "guest"sv, "root"sv, "admin"sv,
    "administrator"sv, "user"sv, "username"sv, "test"sv, "testing"sv, "demo"sv, "dev"sv, "local"sv, "token"sv,
    "key"sv, "apikey"sv, "foo"sv,
    "bar"sv, "minio"sv, "minioadmin"sv, "default"sv, "string"sv, "none"sv, "null"sv, "true"sv,
    "false"sv,
};

}
