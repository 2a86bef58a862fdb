// What a run takes in the ledger: the first example of each shipped template, run again and again, and the bytes of its
// lines as they stand and as an archive would hold them.  usage: entries URL LEDGER RUNS
#include "audit/archive_days.h"
#include "base/error.h"
#include "lib/json.h"
#include "lib/seekable_zstd.h"
#include "lib/web_client.h"
#include "os/file.h"

#include <fcntl.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace forge {

namespace {

// A POST where there is a body.
Json answer(WebClient& client, const std::string& url, const std::string& body = {})
{
    WebRequest request;
    request.url = url;
    if (!body.empty()) {
        request.method = "POST";
        request.headers = {{"content-type", "application/json"}};
        request.body = body;
    }
    const WebAnswer got = client.send(request);
    if (got.status != 200)
        throw Error(url + " answers " + std::to_string(got.status) + ": " + got.body);
    return parse_json(got.body);
}

void run_examples(const std::string& url, int runs)
{
    WebClient client;
    const Json list = answer(client, url + "/v1/api/templates?limit=100");
    for (const Json& item : list.items()) {
        const std::string id{item["id"].as_text()};
        const Json shown = answer(client, url + "/v1/api/templates/" + id);
        const std::string body = dump(Json::object({{"templateId", id}, {"args", shown["examples"].at(0)["args"]}}));
        for (int i = 0; i < runs; ++i)
            (void)answer(client, url + "/v1/api/execute", body);
    }
}

// The lines of runs, of all days.
std::string lines_of_runs(const std::string& root, std::size_t& count)
{
    std::string lines;
    for (const std::string& name : names_in(root)) {
        const std::string text = name.starts_with("events-") ? read_file(root + "/" + name, 1U << 30) : "";
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = text.find('\n', at) + 1;
            const std::string_view line = std::string_view{text}.substr(at, end - at);
            if (line.find(R"("type":"run.)") != line.npos) {
                lines += line;
                ++count;
            }
            at = end;
        }
    }
    return lines;
}

void measure(const std::string& root)
{
    std::size_t count = 0;
    const std::string lines = lines_of_runs(root, count), path = root + "/../.entries.zst";
    if (count == 0)
        throw Error("no run was recorded");
    {
        const Fd file = open_file(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        SeekableZstdWriter writer{file.get(), path, archive_level};
        writer.add(lines);
        writer.finish();
    }
    const auto packed = static_cast<double>(std::filesystem::file_size(path));
    std::filesystem::remove(path);
    const double all = static_cast<double>(count), tiles = 32 * 256.0 / 255;
    std::printf("%zu lines of runs of the shipped templates: %.0f bytes a line, %.0f archived, %.0f with tiles\n", count,
                static_cast<double>(lines.size()) / all, packed / all, packed / all + tiles);
}

}

}

int main(int argc, char** argv)
try {
    if (argc != 4)
        return 64;
    forge::run_examples(argv[1], std::atoi(argv[3]));
    forge::measure(argv[2]);
    return 0;
} catch (const std::exception& error) {
    std::cerr << "entries: " << error.what() << '\n';
    return 1;
}
