// A file mapped into memory, shared with other processes.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

namespace forge {

/// Owns a mapping; moved, never copied.
class Mapping {
public:
    Mapping() = default;
    Mapping(void* data, std::size_t size) noexcept : data_(data), size_(size) {}
    Mapping(Mapping&& other) noexcept : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    Mapping& operator=(Mapping other) noexcept
    {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~Mapping();

    explicit operator bool() const noexcept { return data_ != nullptr; }
    char* data() const noexcept { return static_cast<char*>(data_); }
    std::size_t size() const noexcept { return size_; }

private:
    void* data_ = nullptr;
    std::size_t size_ = 0;
};

/// The whole file, read-only, as long as it is now; an empty file gives an empty mapping.
Mapping map_file(const std::string& path);
/// The file for reading and writing, made if it is missing, grown with zeros to `size` if it is shorter.
Mapping map_shared(const std::string& path, std::size_t size, unsigned mode = 0660);

}
