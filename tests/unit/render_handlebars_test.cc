// render/handlebars.h: the subset, its errors and limits.  Equality with npm handlebars: tests/render-differential.
#include "render/handlebars.h"

#include "tests/unit/test.h"

namespace {

using namespace forge;

std::string rendered(std::string_view text, std::string_view context = "{}")
{
    return Handlebars::compile(text).render(parse_json(context));
}

std::string refusal(std::string_view text)
try {
    Handlebars::compile(text);
    return "none";
} catch (const TemplateError& error) {
    return error.what();
}

std::string references(std::string_view text)
{
    std::string out;
    for (const auto& reference : Handlebars::compile(text).references())
        out += (out.empty() ? "" : " ") + reference.path;
    return out;
}

}

TEST(values_are_printed_as_javascript_prints_them)
{
    CHECK_EQUAL("a 1 1.5 true false  & <b>"s, rendered("{{s}} {{i}} {{r}} {{t}} {{f}} {{n}}{{missing}} & {{h}}",
        R"({"s": "a", "i": 1, "r": 1.50, "t": true, "f": false, "n": null, "h": "<b>"})"));
    CHECK_EQUAL("1e+21 123456789012345680000 0.000001 1e-7 0 -1"s, rendered("{{a}} {{b}} {{c}} {{d}} {{e}} {{f}}",
        R"({"a": 1e21, "b": 1.2345678901234568e20, "c": 0.000001, "d": 1e-7, "e": -0.0, "f": -1})"));
    CHECK_EQUAL("x x x"s, rendered("{{{a.b}}} {{&a/b}} {{a.[b]}}", R"({"a": {"b": "x"}})"));
}

TEST(names_of_the_prototype_are_missing_values)
{
    CHECK_EQUAL("[]"s, rendered("[{{constructor}}{{__proto__}}{{toString}}{{a.constructor.name}}{{hasOwnProperty}}]",
                                R"({"a": {}})"));
    CHECK_EQUAL("own"s, rendered("{{constructor}}", R"({"constructor": "own"})"));
}

TEST(lengths_and_indexes_are_properties)
{
    CHECK_EQUAL("3 2 b"s, rendered("{{s.length}} {{a.length}} {{a.[1]}}", R"({"s": "a😀", "a": ["a", "b"]})"));
}

TEST(blocks_choose_and_repeat)
{
    CHECK_EQUAL("no zero, empty, yes"s, rendered("{{#if zero}}zero{{else}}no zero{{/if}}, {{#if list}}full{{else if "
                                                 "text}}text{{else}}empty{{/if}}, {{#unless no}}yes{{/unless}}",
                                                 R"({"zero": 0, "list": [], "text": "", "no": false})"));
    CHECK_EQUAL("0:a, 1:b"s, rendered("{{#each xs}}{{@index}}:{{this}}{{#unless @last}}, {{/unless}}{{/each}}",
                                      R"({"xs": ["a", "b"]})"));
    CHECK_EQUAL("2=b x=a "s, rendered("{{#each o}}{{@key}}={{this}} {{/each}}", R"({"o": {"x": "a", "2": "b"}})"));
    CHECK_EQUAL("none"s, rendered("{{#each xs}}x{{else}}none{{/each}}", R"({"xs": []})"));
    CHECK_EQUAL("Ann of Acme"s, rendered("{{#with person}}{{name}} of {{../company}}{{/with}}",
                                         R"({"person": {"name": "Ann"}, "company": "Acme"})"));
    CHECK_EQUAL("a1b1"s, rendered("{{#each xs}}{{this}}{{@root.n}}{{/each}}", R"({"xs": ["a", "b"], "n": 1})"));
}

TEST(json_stringify_writes_what_javascript_writes)
{
    CHECK_EQUAL(R"({"1":[1,2.5,null,"a\"\n\u0001é"],"b":{}})"s,
                rendered("{{jsonStringify x}}", R"({"x": {"b": {}, "1": [1, 2.50, null, "a\"\n\u0001é"]}})"));
    CHECK_EQUAL("yes"s, rendered("{{#if (jsonStringify x)}}yes{{/if}}", R"({"x": []})"));
    CHECK_EQUAL(""s, rendered("{{jsonStringify missing}}"));
}

TEST(tags_alone_on_their_line_take_the_line)
{
    CHECK_EQUAL("a\n  x\nb\n"s, rendered("a\n  {{#if yes}}\n  x\n  {{/if}}\nb\n", R"({"yes": true})"));
    CHECK_EQUAL("ab"s, rendered("a {{~! comment ~}}\n b"));
    CHECK_EQUAL("a\nb"s, rendered("a\n  {{!-- a }} comment --}}  \nb"));
    CHECK_EQUAL("{{x}} \\y"s, rendered("\\{{x}} \\\\{{y}}", R"({"y": "y"})"));
}

TEST(a_bad_template_is_refused_with_its_place)
{
    CHECK_EQUAL("line 2, column 5: unknown helper upper"s, refusal("é\nä {{upper x}}"));
    CHECK_EQUAL("line 1, column 1: block if is not closed"s, refusal("{{#if x}}a"));
    CHECK_EQUAL("line 1, column 11: block if is closed by another name"s, refusal("{{#if x}}a{{/each}}"));
    CHECK_EQUAL("line 1, column 4: unknown block helper foo"s, refusal("{{#foo}}{{/foo}}"));
    CHECK_EQUAL("line 1, column 1: partials are not supported"s, refusal("{{> p}}"));
    CHECK_EQUAL("line 1, column 6: a tag is not closed"s, refusal("{{foo"));
    CHECK_EQUAL("line 1, column 3: unexpected \"}}\""s, refusal("{{}}"));
    CHECK_EQUAL("line 1, column 2: a closing tag without its block"s, refusal("a{{/if}}"));
    CHECK_EQUAL("line 1, column 2: an else without its block"s, refusal("a{{else}}"));
    CHECK_EQUAL("line 1, column 1: a comment is not closed"s, refusal("{{!-- }}"));
    CHECK_EQUAL("line 1, column 4: unknown data variable @level"s, refusal("{{ @level}}"));
    CHECK_EQUAL("line 1, column 11: named arguments are not supported"s, refusal("{{#if x az=true}}{{/if}}"));
    CHECK_EQUAL("line 1, column 3: unknown helper eq"s, refusal("{{eq a b}}"));
    CHECK_EQUAL("line 1, column 3: invalid path a..."s, refusal("{{a/..}}"));
    std::string deep;
    for (int i = 0; i < 10'000; ++i)
        deep += "{{#if x}}";
    CHECK_THROWS(TemplateError, Handlebars::compile(deep));
}

TEST(a_long_template_compiles_in_linear_time)
{
    std::string text;
    for (int i = 0; i < 100'000; ++i)
        text += "{{a}} ";
    CHECK_EQUAL(std::size_t{200'000}, rendered(text, R"({"a": 1})").size());
}

TEST(an_object_is_printed_by_json_stringify_only)
{
    CHECK_THROWS(TemplateError, rendered("{{x}}", R"({"x": {}})"));
    CHECK_THROWS(TemplateError, rendered("{{x}}", R"({"x": [1]})"));
    CHECK_THROWS(TemplateError, rendered("{{this}}"));
}

TEST(output_and_steps_are_bounded)
{
    const auto text = Handlebars::compile("{{#each xs}}{{#each ../xs}}abc{{/each}}{{/each}}");
    Json xs = Json::array();
    for (int i = 0; i < 100; ++i)
        xs.append(i);
    const Json context = Json::object({{"xs", xs}});
    CHECK_EQUAL(std::size_t{30'000}, text.render(context).size());
    CHECK_THROWS(TemplateError, text.render(context, {.output_bytes = 1000}));
    CHECK_THROWS(TemplateError, text.render(context, {.steps = 1000}));
}

TEST(references_are_seen_from_the_whole_context)
{
    CHECK_EQUAL("collected.files collected.files.*.path vendor profile.voice"s,
                references("{{#each collected.files}}{{path}}{{@index}}{{../vendor}}{{/each}}{{profile.voice}}"));
    CHECK_EQUAL("a a.b x c"s, references("{{#with a}}{{b}}{{@root.x}}{{/with}}{{#if (jsonStringify c)}}{{/if}}"));
}
