// W3C Trace Context (Recommendation, 2021): the trace that a request belongs to, if its client says so.
#pragma once

#include <string>
#include <string_view>

namespace forge {

/// What goes on to whoever is asked next, and into logs.
struct Trace {
    std::string id;            // 32 hex digits; empty: the request is part of no trace
    bool is_sampled = false;

    /// As a header traceparent reads it (sections 3.2.2 and 4.2); anything that is not well-formed is no trace.
    static Trace of(std::string_view traceparent);
    /// The header for one request that we make: the same trace, and a parent of its own.  Only with an id.
    std::string traceparent() const;
};

}
