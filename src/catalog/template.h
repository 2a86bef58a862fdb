// A template as the product knows it, whatever dialect its file was written in.
#pragma once

#include "lib/json.h"
#include "render/handlebars.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace forge {

enum class Dialect { forge, classic, dora, pci, spectrum, ritual };
enum class TemplateRisk { read_only, advisory, lab_only, restricted };

constexpr std::array<std::pair<std::string_view, Dialect>, 6> dialects{{
    {"forge", Dialect::forge},
    {"classic", Dialect::classic},
    {"dora", Dialect::dora},
    {"pci", Dialect::pci},
    {"spectrum", Dialect::spectrum},
    {"ritual", Dialect::ritual},
}};
constexpr std::array<std::pair<std::string_view, TemplateRisk>, 4> template_risks{{
    {"read-only", TemplateRisk::read_only},
    {"advisory", TemplateRisk::advisory},
    {"lab-only", TemplateRisk::lab_only},
    {"restricted", TemplateRisk::restricted},
}};

/// The word of an enumerator in one of the tables above.
template <class Table, class Enum>
constexpr std::string_view word_of(const Table& table, Enum value)
{
    for (const auto& [word, each] : table)
        if (each == value)
            return word;
    return {};
}

struct CatalogTemplate {
    std::string id;
    std::string version;       // a semantic version
    std::string keyword;       // the old name to call it by; may be empty
    std::string title;
    std::string purpose;
    std::string owner;
    std::string reviewed;      // "2026-11-01"
    std::vector<std::string> tags;
    TemplateRisk risk = TemplateRisk::restricted;
    Dialect dialect = Dialect::forge;

    Json inputs;                            // JSON Schema of the arguments; undeclared ones are refused
    std::vector<std::string> text_inputs;   // arguments that, given as array or object, are rendered as its JSON text
    std::string collector;                  // a native one, by name; empty: none
    Json collector_args;                    // an object
    std::string system;                     // prompts, in the Handlebars subset
    std::string user;
    Syntax syntax = Syntax::plain;          // with which prompts are compiled
    Json output;                            // JSON Schema of the output, in one piece; absent: not validated, recorded as "none"
    std::string output_ref;                 // where it came from, if from a file
    Json guards;                            // {"input":[…],"output":[…],"mode":…}
    Json model;                             // {"temperature","max_tokens"}, may be empty
    Json examples;                          // [{"args","output"}]

    Json source;               // the whole file, what we do not know included: the template's own keys in a prompt
    std::string path;          // relative to the catalog's root
    std::string digest;        // "sha256:…" of the file's bytes
    std::string output_digest; // "sha256:…" of the canonical JSON of `output`, which runs record; empty without one
    Json problems;             // [{path,line,column,pointer,code,level,message,hint}]
    bool usable = false;       // else it is listed, and a run is answered 422 template_unusable

    /// What a list shows: title, else keyword, else id.
    const std::string& name() const;
};

/// What `GET /v1/api/templates/{id}` shows, and what the index keeps.
Json to_json(const CatalogTemplate& value);
/// The way back.  Throws Error when a member has the wrong type.
CatalogTemplate template_from_json(const Json& json);

/// {"id","name","description","version","tags"}: an item of the list.
Json list_item(const CatalogTemplate& value);

/// [a-z0-9_.-]+, at most 200 bytes.
bool is_template_id(std::string_view text);

}
