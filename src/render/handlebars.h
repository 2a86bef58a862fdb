// The Handlebars subset of our prompts: compiled once, rendered without HTML escaping, byte for byte as npm handlebars
// does with noEscape.  Stricter: printing an object or an array is an error, and so is everything outside the subset.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "lib/json.h"

namespace forge {

/// What is wrong at a place of a template; what() is "line 3, column 5: REASON".
struct TemplateError : Error {
    TemplateError(int line_, int column_, const std::string& reason_)
        : Error("line " + std::to_string(line_) + ", column " + std::to_string(column_) + ": " + reason_),
          line(line_), column(column_), reason(reason_) {}
    int line;
    int column;            // in characters, from 1
    std::string reason;
};

struct RenderLimits {
    std::size_t output_bytes = 4 << 20;
    std::size_t steps = 1'000'000;       // tags met, items of each
};

/// A variable that a text uses, as seen from the whole context: "vendor_name", "collected.files.*.path".
struct Reference {
    std::string path;
    int line = 1;
    int column = 1;
};

enum class Syntax { plain, with_translated_jinja };   // the second knows the functions that translate_jinja() writes

/// Immutable: any number of threads may use one at once.
class Handlebars {
public:
    /// {{path}} {{{path}}} {{&path}}, ../ this @index @key @first @last @root, if unless each with else else-if,
    /// literals, sub-expressions, jsonStringify, comments, ~, \{{.  Throws TemplateError.
    static Handlebars compile(std::string_view text, Syntax syntax = Syntax::plain);
    Handlebars(Handlebars&&) noexcept;
    Handlebars& operator=(Handlebars&&) noexcept;
    ~Handlebars();

    /// A missing value is empty.  Throws TemplateError when an object or array is printed, and when a limit is reached.
    std::string render(const Json& context, const RenderLimits& limits = {}) const;

    /// Each place where a variable of the context is used, in the order of the text; @index and its like are left out.
    std::vector<Reference> references() const;

private:
    struct Compiled;
    explicit Handlebars(std::unique_ptr<const Compiled> compiled);
    std::unique_ptr<const Compiled> compiled_;
};

}
