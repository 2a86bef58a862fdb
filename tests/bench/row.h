// A row of the figures of runs: to whom the load goes, and what a server did between the row's begin and its end.
#pragma once

#include "lib/json.h"
#include "tests/bench/look.h"

#include <cstdio>
#include <cstdlib>

namespace forge::bench {

constexpr std::string_view execute = "/v1/api/execute";

struct Setting {
    std::string model, forge, ledger, evidence;   // URLs, folders
    std::vector<Group> groups;
    Millis duration{};
    double rate = 0;
    std::size_t waiting = 0;

    const Group& workers() const { return groups.front(); }
};

inline unsigned short port_of(const std::string& url)
{
    return static_cast<unsigned short>(std::atoi(url.c_str() + url.rfind(':') + 1));
}

inline std::string post(const std::string& path, const std::string& token, const std::string& body)
{
    return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: */*\r\n"
           + (token.empty() ? "" : "Authorization: Bearer " + token + "\r\n") + "Content-Length: " + std::to_string(body.size())
           + "\r\n\r\n" + body;
}

/// Of the development signer; good for five minutes.
inline std::string new_token(const std::string& url)
{
    WebClient client;
    const WebAnswer answer = client.send(web_request("POST", url + "/v1/dev/token"));
    if (answer.status != 200)
        throw Error("no token: " + std::to_string(answer.status) + " " + answer.body);
    return std::string{parse_json(answer.body)["token"].as_text()};
}

inline std::string echo_body(const std::string& message)
{
    return dump(Json::object({{"templateId", "demo.echo"}, {"args", Json::object({{"message", message}})}}));
}

inline Target ours(const Setting& setting, const std::string& message, std::string_view path = execute)
{
    return {port_of(setting.forge), post(std::string{path}, new_token(setting.forge), echo_body(message))};
}

/// What the server asks the model for such a run, but for the schema.
inline Target straight(const Setting& setting, const std::string& message, bool is_stream = false)
{
    const Json system = Json::object({{"role", "system"}, {"content", "You answer with one JSON object and nothing else.\n"}});
    const std::string question = "Answer exactly this object: " + dump(Json::object({{"message", message}})) + "\n";
    const Json user = Json::object({{"role", "user"}, {"content", question}});
    Json body = Json::object({{"model", "bench"}, {"messages", Json::array({system, user})}, {"temperature", 0}, {"max_tokens", 3000}});
    if (is_stream)
        body.set("stream", true);
    return {port_of(setting.model), post("/v1/chat/completions", "", dump(body))};
}

/// Between the begin of a row and now.
class Row {
public:
    explicit Row(const Setting& setting) : setting_(setting), before_(setting.forge)
    {
        for (const Group& group : setting.groups)
            cpu_.push_back(cpu_seconds(group));
    }

    const MetricsPage& before() const { return before_; }

    /// Where the time of the runs went: means of the stages, which add up to the whole.
    void print_stages() const
    {
        const MetricsPage after{setting_.forge};
        const std::string name = "forge_run_stage_seconds";
        double sum = 0;
        std::printf("    stages, mean us:");
        for (const char* const stage : {"admission", "preparation", "input_guards", "record_start", "provider", "judgement", "record_end"}) {
            const double mean = mean_us(after, name, "{stage=\"" + std::string{stage} + "\"}");
            sum += mean;
            std::printf(" %s %.0f%s", stage, mean, std::string_view{stage} == "record_end" ? "" : " +");
        }
        std::printf(" = %.0f; request in the worker, until its answer was written: %.0f\n", sum,
                    mean_us(after, "http_request_duration_seconds", "{route=\"" + std::string{execute} + "\"}"));
    }

    /// Processor time of each group for one run: what bounds the rate, whoever else keeps the machine busy.
    void print_cpu(std::size_t runs) const
    {
        double sum = 0;
        std::printf("    processor time for each run, us:");
        for (std::size_t i = 0; i < cpu_.size(); ++i) {
            const double each = 1e6 * (cpu_seconds(setting_.groups[i]) - cpu_[i]) / static_cast<double>(std::max<std::size_t>(runs, 1));
            sum += each;
            std::printf(" %s %.0f", setting_.groups[i].name.c_str(), each);
        }
        std::printf("; together %.0f\n", sum);
    }

private:
    double mean_us(const MetricsPage& after, const std::string& name, const std::string& labels) const
    {
        const double count = after[name + "_count" + labels] - before_[name + "_count" + labels];
        return count > 0 ? 1e6 * (after[name + "_sum" + labels] - before_[name + "_sum" + labels]) / count : 0;
    }

    const Setting& setting_;
    const MetricsPage before_;
    std::vector<double> cpu_;
};

}
