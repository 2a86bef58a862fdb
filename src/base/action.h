// A callable without arguments that is moved, never copied.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace forge {

class Action {
public:
    Action() = default;
    template <class Callable>
        requires(!std::is_same_v<std::decay_t<Callable>, Action>)
    Action(Callable callable) : held_(std::make_unique<Held<Callable>>(std::move(callable))) {}

    void operator()() { held_->call(); }
    explicit operator bool() const noexcept { return held_ != nullptr; }

private:
    struct Callable {
        virtual ~Callable() = default;
        virtual void call() = 0;
    };
    template <class Function>
    struct Held : Callable {
        explicit Held(Function function_) : function(std::move(function_)) {}
        void call() override { function(); }
        Function function;
    };
    std::unique_ptr<Callable> held_;
};

}
