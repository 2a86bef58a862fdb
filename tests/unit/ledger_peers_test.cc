// Material for programs of others: tests/ledger-peers.test has them check it.
#include "tests/unit/test.h"

#include "os/file.h"
#include "tests/unit/ledger_sample.h"
#include "tests/unit/random_json.h"
#include "tlog/jcs.h"
#include "tlog/merkle.h"

#include <cstdlib>

using namespace forge;

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
