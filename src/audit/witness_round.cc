// Asks witnesses to cosign.
#include "audit/witness_round.h"

#include "base/error.h"
#include "tlog/witness.h"

namespace forge {

namespace {

constexpr int most_tries = 4;              // others may have asked the same witness meanwhile
constexpr std::size_t longest_answer = 64U << 10;
constexpr std::string_view size_type = "text/x.tlog.size";

class Asking {
public:
    Asking(const PublicLog& log, const PublishedTree& tree, const Policy::Witness& witness, WebClient& web, Millis patience)
        : log_(log), tree_(tree), witness_(witness), web_(web), patience_(patience)
    {
    }

    WitnessAnswer run(std::uint64_t old_size)
    {
        WitnessAnswer answer{.name = witness_.name, .size = old_size};
        for (int tries = 0; tries < most_tries; ++tries)
            if (!ask(answer))
                return answer;
        answer.reason = "it went on to another size each time";
        answer.flaw = FlawKind::incomplete;
        return answer;
    }

private:
    // True when it is to be asked again, from another size.
    bool ask(WitnessAnswer& answer)
    {
        const Checkpoint& tree = tree_.checkpoint;
        if (answer.size > tree.size)
            return fails(answer, FlawKind::outside, "it has cosigned " + std::to_string(answer.size) + " lines, the ledger has "
                                                        + std::to_string(tree.size));
        AddCheckpoint request{answer.size, {}, tree_.note};
        if (answer.size > 0)
            request.proof = log_.consistency(answer.size, tree.size, tree);
        WebRequest web;
        web.method = "POST";
        web.url = witness_.url + (witness_.url.ends_with('/') ? "" : "/") + "add-checkpoint";
        web.headers["content-type"] = "text/plain; charset=utf-8";
        web.body = request.text();
        web.deadline = patience_;
        web.longest_answer = longest_answer;
        try {
            return take(answer, web_.send(web));
        } catch (const WebError& error) {
            return fails(answer, FlawKind::incomplete, error.what());
        }
    }

    bool take(WitnessAnswer& answer, const WebAnswer& got)
    {
        if (got.status == 200)
            return take_lines(answer, got.body);
        if (got.status == 409) {
            const auto type = got.headers.find("content-type");
            const auto size = type != got.headers.end() && type->second.starts_with(size_type) ? parse_witness_size(got.body) : std::nullopt;
            if (!size || *size == answer.size)
                return fails(answer, FlawKind::outside, "it has cosigned another tree of " + std::to_string(answer.size) + " lines");
            answer.size = *size;
            return true;
        }
        if (got.status == 422)
            return fails(answer, FlawKind::outside, "the tree of " + std::to_string(answer.size)
                                                        + " lines that it has cosigned is no beginning of this ledger");
        return fails(answer, FlawKind::incomplete, "it answered " + std::to_string(got.status)
                                                       + (got.status == 404 ? ": it does not know the log" : "")
                                                       + (got.status == 403 ? ": it does not know the log's key" : ""));
    }

    // Lines of keys that are not this witness's are nothing to us.
    bool take_lines(WitnessAnswer& answer, const std::string& lines)
    {
        const std::string text = Note::parse(tree_.note).text;
        try {
            for (const NoteSignature& signature : Note::parse(text + "\n" + lines).signatures)
                if (witness_.cosigner->verify(text, signature))
                    answer.line = signature.line();
        } catch (const Error& error) {
            return fails(answer, FlawKind::incomplete, error.what());
        }
        if (answer.line.empty())
            return fails(answer, FlawKind::incomplete, "its answer has no right cosignature of its key");
        answer.size = tree_.checkpoint.size;
        return false;
    }

    static bool fails(WitnessAnswer& answer, FlawKind kind, const std::string& reason)
    {
        answer.flaw = kind;
        answer.reason = reason;
        return false;
    }

    const PublicLog& log_;
    const PublishedTree& tree_;
    const Policy::Witness& witness_;
    WebClient& web_;
    const Millis patience_;
};

}

std::vector<WitnessAnswer> ask_witnesses(const PublicLog& log, const PublishedTree& tree, const Policy& policy, WebClient& web,
                                         Millis patience, std::map<std::string, std::uint64_t>& known)
{
    std::vector<WitnessAnswer> answers;
    for (const Policy::Witness& witness : policy.witnesses()) {
        if (witness.url.empty() || !witness.cosigner)
            continue;
        std::uint64_t& size = known[witness.key.text()];
        answers.push_back(Asking{log, tree, witness, web, patience}.run(size));
        if (!answers.back().line.empty())   // what it only says is no matter beyond this round
            size = tree.checkpoint.size;
    }
    return answers;
}

}
