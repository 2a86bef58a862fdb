// Who may ask the ledger for what.
#include "ledger/rights.h"

#include "ledger/denials.h"
#include "test.h"

using namespace forge;
using namespace std::chrono_literals;

TEST(each_user_has_its_own_prefixes)
{
    const Rights rights;
    const LedgerPeer forge_user{"forge"}, verify{"forge-verify"}, root{"root"}, member{"anna", true}, stranger{"eve"};
    for (const char* type : {"run.started", "access.denied", "guardian.asked", "config.reloaded", "incident.opened"}) {
        CHECK(rights.allows(forge_user, Operation::append, type));
        CHECK(!rights.allows(verify, Operation::append, type));
        CHECK(!rights.allows(stranger, Operation::append, type));
    }
    for (const char* type : {"job.verify", "journal.test"}) {
        CHECK(!rights.allows(forge_user, Operation::append, type));
        for (const LedgerPeer& peer : {verify, root, member})
            CHECK(rights.allows(peer, Operation::append, type) && rights.allows(peer, Operation::appendv, type));
    }
    CHECK(rights.allows(member, Operation::append, "incident.opened") && rights.allows(root, Operation::append, "incident.opened"));
    CHECK(!rights.allows(root, Operation::append, "run.started"));
    CHECK(!rights.allows(forge_user, Operation::append, "runs.started"));
}

TEST(private_values_are_for_the_worker_alone)
{
    const Rights rights;
    CHECK(rights.allows({"forge"}, Operation::reveal));
    CHECK(rights.allows({"forge"}, Operation::subject_tag));
    for (const LedgerPeer& peer : {LedgerPeer{"forge-verify"}, LedgerPeer{"root"}, LedgerPeer{"anna", true}}) {
        CHECK(!rights.allows(peer, Operation::reveal) && !rights.allows(peer, Operation::subject_tag));
        CHECK(rights.allows(peer, Operation::head) && rights.allows(peer, Operation::stats));
    }
    CHECK(!rights.allows({"eve"}, Operation::head));
}

TEST(nobody_makes_the_daemons_own_entries)
{
    for (const char* type : {"ledger.genesis", "ledger.redaction", "ledger.x"}) {
        CHECK(!Rights{}.allows({"forge"}, Operation::append, type));
        CHECK(!Rights::development("dev").allows({"dev"}, Operation::append, type));
    }
}

TEST(in_development_one_user_has_every_right)
{
    const Rights rights = Rights::development("dev");
    CHECK(rights.allows({"dev"}, Operation::append, "run.started") && rights.allows({"dev"}, Operation::append, "job.x"));
    CHECK(rights.allows({"dev"}, Operation::reveal));
    CHECK(!rights.allows({"forge"}, Operation::append, "run.started"));
    CHECK_EQUAL("dev"s, rights.digest());
    CHECK(Rights{}.digest().starts_with("sha256:"));
}

TEST(operations_have_names)
{
    for (const Operation operation : {Operation::append, Operation::appendv, Operation::head, Operation::stats,
                                      Operation::wait_published, Operation::reveal, Operation::subject_tag})
        CHECK(operation_of(name_of(operation)) == operation);
    CHECK(!operation_of("shred"));
}

TEST(the_kernel_says_who_a_peer_is)
{
    CHECK_EQUAL("root"s, ledger_peer(0, 0).user);
    CHECK_EQUAL("uid-3999999999"s, ledger_peer(3999999999U, 0).user);
}

TEST(a_storm_of_denials_is_one_event_a_minute)
{
    Denials denials;
    SteadyTime now{1h};
    for (int i = 0; i < 1000; ++i)
        denials.note({"eve"}, Operation::append, "run.started");
    CHECK_EQUAL(R"({"count":1000,"kind":"denied","operation":"append","type":"run.started","user":"eve"})"s, denials.take(now).at(0));
    denials.note({"eve"}, Operation::head, {});
    CHECK(denials.take(now + 59s).empty());
    CHECK_EQUAL(std::size_t{1}, denials.take(now + 60s).size());
    CHECK(denials.is_empty());
}
