// The guards after a run.
#include "guard/output.h"

#include <algorithm>
#include <exception>

#include "guard/screen.h"
#include "scan/redacting_stream.h"

namespace forge {

GuardedOutput guard_output(const GuardPolicy& policy, const Json& output, const FinderSource& finder)
{
    Screen screen{policy, GuardStage::output, guard_output_limit, finder};
    GuardedOutput result;
    result.output = screen.value(output);
    result.reports = screen.reports();
    result.refused_by = screen.refused_by();
    return result;
}

namespace {

RedactingStream::Mode stream_mode(GuardName guard, GuardMode mode)
{
    if (mode == GuardMode::refuse)
        return RedactingStream::Mode::stop;
    return is_replaced(guard, mode) ? RedactingStream::Mode::replace : RedactingStream::Mode::keep;
}

/// One guard on the stream's way.
class Stage {
public:
    Stage(GuardName guard, const GuardPolicy& policy, const FinderSource& finder)
        : stream_(finder(guard, policy), stream_mode(guard, policy.mode)), mode_(policy.mode)
    {
        report_.name = guard;
        report_.stage = GuardStage::output;
    }

    /// What goes on.  A guard that fails is one that was not run from there on.
    std::string taken(std::string_view piece, bool ended)
    {
        if (report_.verdict == GuardVerdict::not_run)
            return unseen(std::string{piece});
        try {
            StreamRelease release = stream_.push(piece);
            count(release);
            if (ended && !is_refused()) {
                const StreamRelease rest = stream_.finish();
                count(rest);
                release.text += rest.text;
            }
            return release.text;
        } catch (const std::exception&) {
            report_.verdict = GuardVerdict::not_run;
            if (mode_ != GuardMode::observe)
                report_.action = GuardAction::refused;
            return unseen(stream_.rest());
        }
    }

    GuardName name() const { return report_.name; }
    bool is_refused() const { return report_.action == GuardAction::refused; }
    std::size_t held_bytes() const { return is_refused() ? 0 : stream_.held_bytes(); }
    GuardReport report() const
    {
        GuardReport report = report_;
        report.scanned_bytes = stream_.scanned_bytes();
        return report;
    }

private:
    std::string unseen(std::string text)
    {
        if (mode_ != GuardMode::observe)
            return {};
        report_.released_bytes += text.size();
        return text;
    }

    void count(const StreamRelease& release)
    {
        report_.findings += release.findings;
        report_.released_bytes += release.released;
        if (release.findings == 0)
            return;
        report_.verdict = std::max(report_.verdict, GuardVerdict::found);
        if (mode_ == GuardMode::refuse)
            report_.action = GuardAction::refused;
        else if (is_replaced(report_.name, mode_))
            report_.action = std::max(report_.action, GuardAction::redacted);
    }

    RedactingStream stream_;
    GuardMode mode_;
    GuardReport report_;
};

}

class OutputStream::Chain {
public:
    Chain(const GuardPolicy& policy, const FinderSource& finder)
    {
        for (std::size_t i = 0; i < policy.output.size(); ++i)
            if (policy.output[i])
                stages_.emplace_back(static_cast<GuardName>(i), policy, finder);
    }

    std::string taken(std::string_view piece, bool ended)
    {
        if (refused_by())
            return {};
        std::string text{piece};
        for (Stage& stage : stages_)
            text = stage.taken(text, ended);
        return text;
    }

    std::optional<GuardName> refused_by() const
    {
        const auto refusal = std::ranges::find_if(stages_, &Stage::is_refused);
        return refusal == stages_.end() ? std::nullopt : std::optional{refusal->name()};
    }

    std::vector<GuardReport> reports() const
    {
        std::vector<GuardReport> list;
        for (const Stage& stage : stages_)
            list.push_back(stage.report());
        return list;
    }

    std::size_t held_bytes() const
    {
        std::size_t sum = 0;
        for (const Stage& stage : stages_)
            sum += stage.held_bytes();
        return sum;
    }

private:
    std::vector<Stage> stages_;
};

OutputStream::OutputStream(const GuardPolicy& policy, const FinderSource& finder)
    : chain_(std::make_unique<Chain>(policy, finder))
{
}

OutputStream::~OutputStream() = default;
OutputStream::OutputStream(OutputStream&&) noexcept = default;
OutputStream& OutputStream::operator=(OutputStream&&) noexcept = default;

std::string OutputStream::push(std::string_view piece)
{
    return chain_->taken(piece, false);
}

std::string OutputStream::finish()
{
    return chain_->taken({}, true);
}

std::optional<GuardName> OutputStream::refused_by() const
{
    return chain_->refused_by();
}

std::vector<GuardReport> OutputStream::reports() const
{
    return chain_->reports();
}

std::size_t OutputStream::held_bytes() const
{
    return chain_->held_bytes();
}

}
