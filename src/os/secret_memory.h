// Memory for secrets: in no core dump, zeroed before it is given back.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "os/shared_memory.h"

namespace forge {

/// Bytes in pages of their own (MADV_DONTDUMP, and locked against swapping where the system allows it).
class SecretMemory {
public:
    SecretMemory() = default;
    /// `size` zeros.  Throws SystemError.
    explicit SecretMemory(std::size_t size);
    SecretMemory(SecretMemory&& other) noexcept : pages_(std::move(other.pages_)), size_(std::exchange(other.size_, 0)) {}
    SecretMemory& operator=(SecretMemory other) noexcept;
    ~SecretMemory();

    char* data() noexcept { return pages_.data(); }
    std::size_t size() const noexcept { return size_; }
    std::string_view view() const noexcept { return {pages_.data(), size_}; }
    /// Only less than it was.
    void shrink(std::size_t size) noexcept;

private:
    Mapping pages_;
    std::size_t size_ = 0;
};

/// Overwrites a text that held a secret.
void wipe(std::string& text) noexcept;

/// No core of this process is written from now on, and one that root asks for holds none of its memory; unless it may be
/// `inspected`, nobody but root traces it either.  Its children inherit the first two.
void leave_no_core(bool inspected) noexcept;

}
