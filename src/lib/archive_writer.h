// Writing tar archives in memory, on libarchive.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct archive;

namespace forge {

/// A tar archive in the pax form, packed with zstd.
class ArchiveWriter {
public:
    ArchiveWriter();
    ~ArchiveWriter();
    ArchiveWriter(const ArchiveWriter&) = delete;
    ArchiveWriter& operator=(const ArchiveWriter&) = delete;

    /// Throws Error with the path.
    void add_file(const std::string& path, std::string_view content);
    void add_symlink(const std::string& path, const std::string& target);
    /// The archive so far, in bytes; less than what finish() gives.
    std::size_t packed_bytes() const { return packed_.size(); }
    /// The whole archive; nothing can be added after it.
    std::string finish();

private:
    struct Free { void operator()(archive* writer) const noexcept; };

    void check(int result, const std::string& path) const;

    std::string packed_;
    std::unique_ptr<archive, Free> writer_;
};

}
