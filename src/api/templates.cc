// Templates: the list, its count, and one of them.
#include "api/handlers.h"
#include "catalog/catalog.h"
#include "lib/crypto.h"

namespace forge::api {

namespace {

constexpr std::size_t filter_limit = 200;

std::string filter_of(const Call& call)
{
    const auto filter = call.request.has_query("filter") ? call.request.query_value("filter") : std::string{};
    if (!filter || filter->size() > filter_limit)
        throw Refusal(400, "invalid_request", "filter must be a text of at most 200 bytes");
    return *filter;
}

void add_problem(Answer& answer, Catalog& catalog, const CatalogIndex& index)
{
    if (const auto problem = catalog.problem(index); !problem.empty())
        answer.with("x-catalog-problem", std::string{problem});
}

}

Answer list_templates(Call& call)
{
    const std::size_t limit = number_parameter(call, "limit", 20, 1, 200);
    const std::string cursor = call.request.query_value("cursor").value_or("");
    const std::string filter = filter_of(call);
    const auto index = call.app->catalog.current();
    auto page = index->list(limit, cursor, filter);
    if (!page || (call.request.has_query("cursor") && cursor.empty()))
        throw Refusal(400, "invalid_request", "cursor is none of ours: start again without it");

    Answer answer;
    answer.body = std::move(page->body);
    answer.with("x-total-count", std::to_string(page->total));
    if (!page->next_cursor.empty())
        answer.with("x-next-cursor", page->next_cursor);
    add_problem(answer, call.app->catalog, *index);
    const std::string about = std::to_string(limit) + "/" + cursor + "/" + filter;
    return with_tag(call.request, std::move(answer), "\"" + index->etag().substr(0, 16) + "-" + hex(sha256(about)).substr(0, 8) + "\"");
}

Answer count_templates(Call& call)
{
    const auto index = call.app->catalog.current();
    Answer answer = json_answer(Json::object({{"total", index->count(filter_of(call))}}));
    add_problem(answer, call.app->catalog, *index);
    return answer;
}

Answer show_template(Call& call)
{
    const auto index = call.app->catalog.current();
    const auto entry = index->find(call.values.at(0));
    if (!entry)
        throw Refusal(404, "template_not_found", "there is no such template");
    Answer answer;
    answer.body = shown(*index, *entry);
    const std::string tag = "\"" + hex(sha256(answer.body)).substr(0, 24) + "\"";
    return with_tag(call.request, std::move(answer), tag);
}

}
