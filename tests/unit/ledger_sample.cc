// A ledger made for tests.
#include "tests/unit/ledger_sample.h"

#include "base/clock.h"
#include "base/error.h"
#include "ledger/entry.h"
#include "os/file.h"
#include "tlog/checkpoint.h"
#include "tlog/tile_folder.h"

#include <fcntl.h>

#include <utility>

namespace forge::test {

namespace {

const std::string origin = "example.org/forge";
const std::string data_key_id = "00112233445566778899aabbccddeeff";
const std::string data_key(32, 'd'), key_encryption_key(32, 'k');
const std::string subject(64, 'a');   // of all private values

std::string time_of_day(std::uint64_t micros)
{
    return rfc3339(WallTime{Micros{micros}}).substr(10);
}

std::uint16_t day_number(const std::string& day)
{
    return static_cast<std::uint16_t>(
        std::chrono::floor<std::chrono::days>(*parse_rfc3339(day)).time_since_epoch().count());
}

// The first bytes of a hash, in place of random ones: two samples have the same lines.
std::string drawn(const std::string& seed, std::size_t size)
{
    const Hash hash = sha256(seed);
    return std::string{text_of(hash).substr(0, size)};
}

std::string quoted(const std::string& text)
{
    return '"' + text + '"';
}

// Those of all lines; what is there already is the same.
void write_tiles(const std::string& root, const std::vector<std::string>& lines)
{
    const auto put = [&](const Tile& tile, const Hashes& hashes) {
        const std::string path = root + "/" + TileFolder::file_of(tile);
        if (exists(path))
            return;
        make_folders(folder_of(path));
        replace_file(path, tile_bytes(hashes));
    };
    TileBuilder builder{put};
    for (const std::string& line : lines)
        builder.add(leaf_hash(line));
    for (const Tile& tile : partial_tiles(lines.size()))
        put(tile, builder.edge(tile.level));
}

}

LedgerSample::LedgerSample(std::string root, std::string day, Change change)
    : root_(std::move(root)), signer_(origin, SigningKey::generate()), day_(std::move(day)), change_(std::move(change))
{
    for (const auto* folder : {"/checkpoints", "/days", "/keys", "/index", "/private/keys", "/state"})
        make_folders(root_ + folder);
    write("keys/log.vkey", signer_.verifier_key().text() + "\n");
    write("keys/log.vkeys", signer_.verifier_key().text() + " 0 -\n");
    write("state/kek", hex(key_encryption_key) + "\n");
    const std::string nonce(12, 'n');
    write("private/keys/" + day_.substr(0, 7) + ".jsonl",
          R"({"dek":")" + data_key_id + R"(","nonce":")" + hex(nonce) + R"(","subject":")" + subject + R"(","wrapped":")"
              + base64(seal_aes_gcm(key_encryption_key, nonce, data_key, data_key_id)) + "\"}\n");
    index_ = std::make_unique<EventIndexWriter>(root_ + "/index");
    add({"genesis", "ledger.genesis",
         R"({"format":1,"origin":)" + quoted(origin) + R"(,"rights":"dev","uuid":"u","vkey":)"
             + quoted(signer_.verifier_key().text()) + "}"});
}

LedgerSample::~LedgerSample() = default;

void LedgerSample::write(const std::string& file, const std::string& text)
{
    const std::string path = root_ + "/" + file;
    const Fd fd = open_file(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
    write_all(fd.get(), text, path);
}

std::uint64_t LedgerSample::add(const Line& line)
{
    const std::uint64_t seq = size();
    micros_ += 1000;
    Entry entry{.actor = "forge",
                .event = line.event,
                .id = line.id,
                .prev = {},
                .priv = {},
                .salt = "000102030405060708090a0b0c0d0e0f",
                .seq = seq,
                .ts = {},
                .type = line.type};
    const std::string prev = hex(last_leaf_), ts = day_ + time_of_day(micros_);
    entry.prev = prev;
    entry.ts = ts;
    for (const auto& name : line.priv) {
        const std::string value = quoted(name + " of " + line.id);
        entry.priv.push_back({name, hex(hmac_sha256(drawn(name + line.id, 32), value)), value.size()});
    }
    std::string text = entry_line(entry);
    if (const auto change = std::exchange(change_, {}))
        text = change(text);
    last_leaf_ = leaf_hash(text);
    for (const auto& name : line.priv)
        write_value(seq, name, line.id);
    const IndexedLine indexed{.seq = seq,
                              .day = day_number(day_),
                              .offset = shard_text_.size(),
                              .length = text.size(),
                              .ts = *parse_rfc3339(ts),
                              .key = short_hash(line.id),
                              .type = line.type,
                              .event = line.event,
                              .leaf = last_leaf_,
                              .subject = line.subject};
    tree_.append(last_leaf_);
    write(shard(), text + "\n");
    shard_text_ += text + "\n";
    lines_.push_back(text);
    if (index_ && !index_->append(indexed))
        throw Error("the sample's index takes no line");
    return seq;
}

void LedgerSample::write_value(std::uint64_t seq, const std::string& name, const std::string& id)
{
    const std::string nonce = drawn("nonce" + name + id, 12);
    const std::string plain = drawn(name + id, 32) + quoted(name + " of " + id);
    write("private/" + day_ + ".jsonl", R"({"dek":")" + data_key_id + R"(","name":")" + name + R"(","nonce":")" + hex(nonce) + R"(","sealed":")"
                                            + base64(seal_aes_gcm(data_key, nonce, plain, text_of(last_leaf_))) + R"(","seq":)"
                                            + std::to_string(seq) + R"(,"subject":")" + subject + "\"}\n");
}

void LedgerSample::add_run(const std::string& run, const std::string& template_id, const std::string& status,
                           const std::string& profile, const std::string& subject)
{
    const std::string about = R"("template":{"digest":"sha256:0","id":)" + quoted(template_id) + R"(,"version":"1"})";
    add({run + ".started",
         "run.started",
         R"({"mode":"offline","profile":)" + quoted(profile) + R"(,"run":)" + quoted(run) + "," + about + "}",
         {"args", "sub"},
         subject});
    if (!status.empty())
        add({run + ".finished",
             "run.finished",
             R"({"profile":)" + quoted(profile) + R"(,"run":)" + quoted(run) + R"(,"status":)" + quoted(status) + ","
                 + about + "}",
             {"output"},
             subject});
}

void LedgerSample::begin_day(const std::string& day, const std::function<void(DayNote&)>& change)
{
    DayNote seal{.origin = origin,
                 .day = day_,
                 .first = first_,
                 .last = size() - 1,
                 .size = size(),
                 .root = tree_.root(),
                 .sha256 = hex(sha256(shard_text_)),
                 .bytes = shard_text_.size()};
    if (change)
        change(seal);
    write("days/" + day_ + ".note", signer_.sign(seal.text()));
    first_ = size();
    day_ = day;
    shard_text_.clear();
    micros_ = 0;
    add({"seal-" + seal.day, "ledger.day_sealed",
         R"({"bytes":)" + std::to_string(seal.bytes) + R"(,"day":)" + quoted(seal.day) + R"(,"first":)"
             + std::to_string(seal.first) + R"(,"last":)" + std::to_string(seal.last) + R"(,"root":)"
             + quoted(base64(seal.root)) + R"(,"sha256":)" + quoted(seal.sha256) + R"(,"size":)"
             + std::to_string(seal.size) + "}"});
}

void LedgerSample::publish()
{
    const std::string note = signer_.sign(Checkpoint{origin, size(), tree_.root()}.text());
    write_tiles(root_, lines_);
    write("checkpoints/" + day_ + ".notes", note + "\n");
    replace_file(root_ + "/checkpoint", note);
}

void fill_sample(LedgerSample& sample)
{
    for (const auto* day : {"", "2026-11-21", "2026-11-22"}) {
        if (*day)
            sample.begin_day(day);
        for (int run = 0; run < 10; ++run) {
            sample.add_run(sample.day() + "-" + std::to_string(run), run % 3 ? "demo.echo" : "cyber.secrets_audit",
                           run % 4 ? "ok" : "failed");
            if (run % 5 == 4)
                sample.publish();
        }
    }
}

}
