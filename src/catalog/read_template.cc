// From a file's bytes to a template and what is wrong with it.
#include "catalog/read_template.h"

#include "catalog/check.h"
#include "catalog/dialect.h"
#include "lib/crypto.h"
#include "tlog/jcs.h"

namespace forge {

namespace {

YamlDocument parse(const std::string& path, std::string_view text)
{
    return path.ends_with(".json") ? parse_json_document(text) : parse_yaml(text);
}

// The id decides whether there is anything to list.
bool take_id(Draft& draft)
{
    const Json id = draft.source["id"];
    if (!id && !draft.source["forge"]) {
        draft.problems.add("not_a_template", "", "the file has neither \"forge\" nor \"id\"");
        return false;
    }
    draft.result.id = id.as_text();
    if (is_template_id(draft.result.id))
        return true;
    draft.problems.add("id_invalid", "/id", id ? dump(id) + " is no template id" : "the template has no id");
    return false;
}

bool take_members(Draft& draft)
{
    if (!take_id(draft))
        return false;
    draft.result.source = draft.source;
    draft.result.dialect = dialect_of(draft.source);
    return draft.result.dialect == Dialect::forge ? read_forge_dialect(draft) : read_foreign_dialect(draft);
}

Json to_json(const std::vector<Problem>& problems)
{
    Json list = Json::array();
    for (const auto& problem : problems)
        list.append(to_json(problem));
    return list;
}

}

TemplateFile read_template(const std::string& path, std::string_view text, SchemaFiles& schemas)
{
    YamlDocument document;
    Problems problems{path, text, document};
    try {
        document = parse(path, text);
    } catch (const YamlError& error) {
        problems.add_at("file_invalid", "", {error.line, error.column}, error.reason);
        return {{}, problems.list(), {}, {}, {}, false};
    }
    if (!document.value().is_object()) {
        problems.add("not_a_template", "", "the file holds no mapping");
        return {{}, problems.list(), {}, {}, {}, false};
    }
    Draft draft{document.value(), path, schemas, problems, {}, {}};
    if (!take_members(draft))
        return {{}, problems.list(), {}, {}, {}, draft.uses_schema_files};

    CatalogTemplate& result = draft.result;
    result.path = path;
    result.digest = sha256_digest(text);
    check_template(draft);
    if (result.output)
        result.output_digest = sha256_digest(canonical_json(result.output, JcsProfile::rfc8785));
    result.problems = to_json(problems.list());
    result.usable = !problems.are_fatal();
    return {std::move(result), problems.list(), document.at("/id"), document.at("/keyword"),
            document.at("/reviewed"), draft.uses_schema_files};
}

}
