// Archives that are written can be read again.
#include "lib/archive_writer.h"

#include "tests/unit/test.h"

#include <array>

#include "lib/archive.h"

using namespace forge;

TEST(an_archive_that_is_written_is_read_back_member_by_member)
{
    ArchiveWriter writer;
    const std::string large(300'000, 'x');
    writer.add_file("a/b.txt", "content");
    writer.add_symlink("a/link", "b.txt");
    writer.add_file("empty", "");
    writer.add_file("large \xc3\xa9", large);
    const std::string packed = writer.finish();
    CHECK(packed.size() < large.size() / 10);

    ArchiveReader reader{std::string_view{packed}};
    std::array<char, 1 << 20> buffer{};
    const auto content = [&] {
        std::string text;
        while (const std::size_t size = reader.read(buffer))
            text.append(buffer.data(), size);
        return text;
    };
    CHECK_EQUAL("a/b.txt"s, reader.next().value().path);
    CHECK_EQUAL("content"s, content());
    CHECK(reader.next().value().kind == ArchiveMember::Kind::symlink);
    CHECK_EQUAL("empty"s, reader.next().value().path);
    CHECK_EQUAL(""s, content());
    CHECK_EQUAL("large \xc3\xa9"s, reader.next().value().path);
    CHECK(content() == large);
    CHECK(!reader.next());
}
