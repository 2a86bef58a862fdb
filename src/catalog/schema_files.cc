// Output schemas that templates refer to.
#include "catalog/schema_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/text.h"
#include "lib/crypto.h"
#include "lib/yaml.h"
#include "os/beneath.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::string_view inside_prefix = "schemas/";
constexpr std::string_view beside_prefix = "../schemas/";
constexpr std::size_t max_schema_bytes = 4 << 20;

Fd open_folder(const std::string& path)
{
    return Fd{::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
}

bool is_allowed(std::string_view path)
{
    return path.starts_with(inside_prefix) || path.starts_with(beside_prefix);
}

// A value at a JSON pointer, or absent.
Json value_at(Json value, std::string_view pointer)
{
    if (pointer.empty())
        return value;
    for (const auto step : split(pointer.substr(1), '/')) {
        if (value.is_array()) {
            const auto index = parse_unsigned(step);
            value = index ? value.at(*index) : Json{};
        } else {
            value = value[replace_all(replace_all(std::string{step}, "~1", "/"), "~0", "~")];
        }
    }
    return value;
}

void add_folder(Sha256& sum, int folder, const std::string& path)
{
    for (const auto& name : names_in("/proc/self/fd/" + std::to_string(folder))) {
        struct stat info{};
        if (::fstatat(folder, name.c_str(), &info, 0) != 0)
            continue;
        sum.update(path + "/" + name + " " + std::to_string(info.st_ino) + " " + std::to_string(info.st_size) + " " +
                   std::to_string(info.st_mtim.tv_sec) + "." + std::to_string(info.st_mtim.tv_nsec) + "\n");
        if (!S_ISDIR(info.st_mode))
            continue;
        if (const Fd below{::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)})
            add_folder(sum, below.get(), path + "/" + name);
    }
}

}

SchemaFiles::SchemaFiles(const std::string& catalog_root)
    : inside_(open_folder(catalog_root + "/schemas")), beside_(open_folder(catalog_root + "/../schemas"))
{
}

SchemaFiles::Found SchemaFiles::resolve(std::string_view reference, const std::string& template_folder)
{
    std::string_view path = reference.substr(reference.starts_with("file:") ? 5 : 0);
    std::string_view pointer;
    if (const auto hash = path.find('#'); hash != path.npos) {
        pointer = path.substr(hash + 1);
        path = path.substr(0, hash);
    }
    const auto from_template = (std::filesystem::path{template_folder} / path).lexically_normal().string();
    const auto from_root = std::filesystem::path{path}.lexically_normal().string();
    const std::string quoted = '"' + std::string{reference} + '"';
    if (!is_allowed(from_template) && !is_allowed(from_root))
        return {{}, "schema_outside", "the reference " + quoted + " leads outside of schemas/"};

    const std::lock_guard lock{mutex_};
    const bool is_near = is_allowed(from_template) && document(from_template).exists;
    Found found = compiled(is_near || !is_allowed(from_root) ? from_template : from_root, pointer);
    if (!found.schema)
        found.message = quoted + ": " + found.message;
    return found;
}

SchemaFiles::Found SchemaFiles::compiled(const std::string& path, std::string_view pointer)
{
    const auto name = path + "#" + std::string{pointer};
    const auto known = compiled_.find(name);
    if (known != compiled_.end())
        return known->second;
    return compiled_.emplace(name, compile(document(path), pointer)).first->second;
}

SchemaFiles::Found SchemaFiles::compile(const Document& document, std::string_view pointer)
{
    if (!document.fault.empty())
        return {{}, "schema_unresolved", document.fault};
    if (!pointer.empty() && pointer.front() != '/')
        return {{}, "schema_unresolved", "the part behind # is no JSON pointer"};
    if (!value_at(document.value, pointer))
        return {{}, "schema_unresolved", "the file has no " + std::string{pointer}};
    try {
        auto schema = JsonSchema::compile(document.value, {.entry = std::string{pointer}});
        return {std::make_shared<JsonSchema>(std::move(schema)), {}, {}};
    } catch (const SchemaError& error) {
        return {{}, "output_invalid", error.what()};
    }
}

std::string SchemaFiles::fingerprint() const
{
    Sha256 sum;
    if (inside_)
        add_folder(sum, inside_.get(), "inside");
    if (beside_)
        add_folder(sum, beside_.get(), "beside");
    return hex(sum.finish());
}

const SchemaFiles::Document& SchemaFiles::document(const std::string& path)
{
    const auto known = documents_.find(path);
    return known != documents_.end() ? known->second : documents_.emplace(path, read(path)).first->second;
}

SchemaFiles::Document SchemaFiles::read(const std::string& path) const
{
    const bool is_inside = path.starts_with(inside_prefix);
    const Fd& folder = is_inside ? inside_ : beside_;
    const auto name = path.substr((is_inside ? inside_prefix : beside_prefix).size());
    const Fd file = folder ? open_beneath(folder.get(), name, O_RDONLY | O_NONBLOCK, Links::inside) : Fd{};
    struct stat info{};
    if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode))
        return {{}, "no such file", false};
    const YamlLimits limits{.bytes = max_schema_bytes, .nodes = max_schema_bytes, .depth = 64};
    try {
        const auto text = read_rest(file.get(), path, max_schema_bytes);
        const auto document = name.ends_with(".json") ? parse_json_document(text, limits) : parse_yaml(text, limits);
        return {document.value(), "", true};
    } catch (const Error& error) {
        return {{}, error.what(), true};
    }
}

}
