// Trace context: what is continued, and what is no trace.
#include "http/trace.h"

#include "tests/unit/test.h"

using namespace forge;

namespace {

const std::string id = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string parent = "00f067aa0ba902b7";

}

TEST(a_trace_goes_on_with_a_parent_of_our_own)
{
    const Trace trace = Trace::of("00-" + id + "-" + parent + "-01");
    CHECK_EQUAL(id, trace.id);
    const std::string next = trace.traceparent();
    CHECK_EQUAL("00-" + id + "-", next.substr(0, 36));
    CHECK(next.substr(36, 16) != parent && next.substr(36, 16) != trace.traceparent().substr(36, 16));
    CHECK_EQUAL("-01"s, next.substr(52));
    CHECK_EQUAL(id, Trace::of(next).id);
}

TEST(of_the_flags_only_sampled_is_known)
{
    CHECK_EQUAL("-00"s, Trace::of("00-" + id + "-" + parent + "-00").traceparent().substr(52));
    CHECK_EQUAL("-00"s, Trace::of("00-" + id + "-" + parent + "-fe").traceparent().substr(52));
    CHECK_EQUAL("-01"s, Trace::of("00-" + id + "-" + parent + "-ff").traceparent().substr(52));
}

TEST(a_later_version_is_read_as_far_as_it_is_known)
{
    CHECK_EQUAL(id, Trace::of("cc-" + id + "-" + parent + "-01").id);
    CHECK_EQUAL(id, Trace::of("cc-" + id + "-" + parent + "-01-what-else").id);
    CHECK_EQUAL(""s, Trace::of("cc-" + id + "-" + parent + "-01.what-else").id);
}

TEST(what_is_not_well_formed_is_no_trace)
{
    const std::string upper = "4BF92F3577B34DA6A3CE929D0E0E4736";
    const std::string good = "00-" + id + "-" + parent + "-01";
    for (const std::string& text : std::vector<std::string>{
             "", "00", good + "-", good + "-x", good + " ", " " + good, good + ", " + good, good.substr(1), good.substr(0, 54),
             "ff-" + id + "-" + parent + "-01", "0g-" + id + "-" + parent + "-01", "00-" + upper + "-" + parent + "-01",
             "00-" + std::string(32, '0') + "-" + parent + "-01", "00-" + id + "-" + std::string(16, '0') + "-01",
             "00-" + id + "-" + parent + "-0G", "00_" + id + "-" + parent + "-01", "00-" + id.substr(1) + "\r-" + parent + "-01"})
        CHECK_EQUAL(""s, Trace::of(text).id);
}
