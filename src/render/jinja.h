// The one construct of Jinja that occurs in the catalogs we read: {% if a == "x" or b == "y" %} … {% endif %}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace forge {

struct JinjaProblem {
    int line = 1;
    int column = 1;            // in characters, from 1
    std::string reason;
};

struct JinjaTranslation {
    std::string text;                       // for Handlebars::compile(…, Syntax::with_translated_jinja)
    bool has_jinja = false;                 // there was any "{%"
    std::vector<JinjaProblem> problems;     // when there is one, the text must not be used
};

/// {% if %} with ==, !=, and, or, not, names and quoted texts, {% elif %}, {% else %}, {% endif %} become blocks of
/// Handlebars; every other {% is a problem.  Lines stay what they are.
JinjaTranslation translate_jinja(std::string_view text);

}
