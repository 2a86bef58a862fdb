// forge-journal-append: appends an event to the ledger; with --test one that shows that all of it works.
#include <unistd.h>

#include <iostream>

#include "audit/tool_failure.h"
#include "base/ids.h"
#include "client/ledger_tool.h"
#include "ledger/events.h"
#include "ledger/line_files.h"
#include "os/file.h"
#include "tlog/checkpoint.h"
#include "tlog/jcs.h"
#include "tlog/proof.h"

namespace forge {

namespace {

constexpr const char* program = "forge-journal-append";
constexpr std::size_t event_limit = 1U << 20;

constexpr Option options[] = {
    {"--test", "", "append a journal.test event, read it back, check its receipt, and say how long each step took"},
    {"--id", "ID", "the event's id: the same again is the same event; default: a new one"},
    root_option,
    socket_option,
    json_option,
    help_option,
};

int append(const Arguments& arguments);
constexpr Command command{"", "[TYPE [FILE|-]]", "append an event to the ledger", options, append};

/// What there is to say about one line.
struct Appended {
    std::string id;
    LedgerReply reply;
    bool is_embedded;
};

// Where the line does not stand as it was acknowledged.
struct Contradiction : Error {
    using Error::Error;
};

Json json_of(const Appended& done)
{
    return Json::object({{"ok", true}, {"id", done.id}, {"seq", done.reply.seq}, {"leaf", done.reply.leaf}, {"ts", done.reply.ts},
                         {"dup", done.reply.dup}, {"embedded", done.is_embedded}});
}

Appended append_event(LedgerAccess& ledger, LedgerEvent event, Want want)
{
    LedgerReply reply = ledger.client().call(encode_append(event, want));
    if (!reply.ok)
        throw Error(reply.error + ": " + reply.detail);
    return {std::move(event.id), std::move(reply), ledger.is_embedded()};
}

double millis_since(SteadyTime& begin)
{
    const SteadyTime end = steady_now();
    const auto took = std::chrono::duration_cast<Micros>(end - begin);
    begin = end;
    return static_cast<double>(took.count()) / 1000;
}

std::string line_in(const std::string& root, std::uint64_t seq)
try {
    return read_lines(root, seq, 1).at(0);
} catch (const LineMissing&) {
    throw Contradiction(root + " does not hold line " + std::to_string(seq)
                        + ", which was acknowledged; where the ledger that answered has another folder, name it with --root");
}

// The line as it stands in its shard, and the receipt, against what was acknowledged.
void check(const Appended& done, const std::string& line, const std::string& vkey)
{
    const Hash leaf = leaf_hash(line);
    if (hex(leaf) != done.reply.leaf)
        throw Contradiction("line " + std::to_string(done.reply.seq) + " is not the one that was acknowledged");
    const TlogProof receipt = TlogProof::parse(done.reply.receipt);
    if (receipt.index != done.reply.seq || !receipt.proves(leaf))
        throw Contradiction("the receipt does not prove line " + std::to_string(done.reply.seq));
    try {
        Checkpoint::open(receipt.checkpoint, VerifierKey::parse(vkey));
    } catch (const Error& error) {
        throw Contradiction(std::string{"the receipt's checkpoint: "} + error.what());
    }
}

int test(const Arguments& arguments, LedgerAccess& ledger)
{
    const std::string id = arguments.value("--id", "journal.test." + uuid_v7());
    SteadyTime begin = steady_now();
    const Appended done = append_event(ledger, {id, "journal.test", canonical_json(Json::object({{"test", true}, {"tool", program}}))},
                                       Want::receipt);
    const double append_ms = millis_since(begin);
    asked(ledger, encode_wait_published(done.reply.seq + 1));
    const double publish_ms = millis_since(begin);
    const std::string line = line_in(ledger_folder(arguments), done.reply.seq);
    check(done, line, std::string{asked(ledger, encode_head()).body["vkey"].as_text()});
    const double check_ms = millis_since(begin);
    if (arguments.has("--json")) {
        const Json took = Json::object({{"append", append_ms}, {"published", publish_ms}, {"check", check_ms}});
        std::cout << dump(json_of(done).set("receipt", done.reply.receipt).set("milliseconds", took)) << '\n';
        return 0;
    }
    std::cout << "appended   line " << done.reply.seq << ", " << append_ms << " ms" << (done.is_embedded ? ", without forge-ledgerd" : "")
              << "\npublished  " << publish_ms << " ms\nread back  and its receipt checked, " << check_ms << " ms\nok\n";
    return 0;
}

std::string event_of(const std::string& file)
{
    const std::string text = file == "-" ? read_rest(STDIN_FILENO, "standard input", event_limit) : read_file(file, event_limit);
    const Json event = parse_json(text);
    if (!event.is_object())
        throw UsageError(file + ": an event is an object");
    return canonical_json(event);
}

int append(const Arguments& arguments)
{
    if (arguments.has("--help")) {
        std::cout << help_of(program, command);
        return 0;
    }
    if (arguments.has("--test")) {
        arguments.expect_operands(0, 0);
        return test(arguments, *open_ledger(arguments));
    }
    arguments.expect_operands(1, 2);
    const auto& words = arguments.operands();
    LedgerEvent event{arguments.value("--id", "journal." + uuid_v7()), words[0], event_of(words.size() > 1 ? words[1] : "-")};
    const auto ledger = open_ledger(arguments);
    const Appended done = append_event(*ledger, std::move(event), Want::leaf);
    if (arguments.has("--json"))
        std::cout << dump(json_of(done)) << '\n';
    else
        std::cout << done.reply.seq << ' ' << done.reply.leaf << ' ' << done.reply.ts << (done.reply.dup ? " already there" : "") << '\n';
    return 0;
}

// As every tool of the ledger.
int run(const std::vector<std::string>& words)
try {
    return append({options, words});
} catch (const Contradiction& error) {
    std::cerr << program << ": " << error.what() << '\n';
    if (wants_json(words))
        print_failure(exit_contradiction, error.what());
    return exit_contradiction;
}

}

}

int main(int argc, char** argv)
{
    const std::vector<std::string> words{argv + 1, argv + argc};
    return forge::run_tool(forge::program, words, [&] { return forge::run(words); });
}
