// Material for programs of others: tests/ledger-peers.test has them check it.
#include "tests/unit/test.h"

#include "ledger/engine.h"
#include "ledger/public_log.h"
#include "os/file.h"
#include "tests/unit/ledger_sample.h"
#include "tests/unit/random_json.h"
#include "tlog/jcs.h"
#include "tlog/merkle.h"

#include <cstdlib>

using namespace forge;

namespace {

// A ledger as forge-ledgerd's engine leaves it, a receipt of each line, and its entry bundles.
void write_real_ledger(const std::string& folder)
{
    RealIo io;
    RealEnv env;
    make_folders(folder + "/bundles/entries");
    Engine engine{{.root = folder, .origin = "example.com/real", .rights = "dev", .space = SpaceRules::small()}, io, env};
    std::vector<Submission> submissions;
    for (int i = 0; i < 600; ++i)
        submissions.push_back({"tester", {{"e-" + std::to_string(i), "job.test", R"({"i":)" + std::to_string(i) + "}"}}, true});
    std::string receipts;
    for (const Outcome& outcome : engine.commit(submissions))
        receipts += dump(Json::object({{"receipt", outcome.acks.at(0).receipt}})) + "\n";
    write_file_durably(folder + "/receipts.jsonl", receipts);
    engine.publish();
    const PublicLog log{folder};
    const std::uint64_t size = log.newest().value().checkpoint.size;
    for (std::uint64_t index = 0; index * tile_width < size; ++index)
        write_file_durably(folder + "/bundles/entries/" + std::to_string(index),
                           log.tile({TileKind::entries, 0, index, tile_width_in(size, 0, index)}, size).value());
}

}

TEST(the_material_for_peers_is_written)
{
    const char* const folder = std::getenv("FORGE_PEER_MATERIAL");
    if (!folder)
        throw test::Skipped{"tests/ledger-peers.test asks for it"};
    std::mt19937_64 random{std::random_device{}()};
    std::string values;
    for (int i = 0; i < 1000; ++i)
        values += canonical_json(test::random_json(random)) + "\n";
    write_file_durably(folder + "/values.jsonl"s, values);

    write_real_ledger(folder + "/real"s);
    test::LedgerSample sample{folder + "/ledger"s};
    fill_sample(sample);
    Hashes leaves;
    for (const auto& line : sample.lines())
        leaves.push_back(leaf_hash(line));
    std::string entries;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        const Hashes path = inclusion_proof(i, leaves);
        CHECK(verify_inclusion(i, leaves.size(), leaves[i], path, sample.root_hash()));
        Json hashes = Json::array();
        for (const Hash& hash : path)
            hashes.append(base64(hash));
        entries += dump(Json::object(
                       {{"index", i}, {"size", leaves.size()}, {"line", sample.lines()[i]}, {"hashes", hashes}}))
                   + "\n";
    }
    write_file_durably(folder + "/entries.jsonl"s, entries);
}
