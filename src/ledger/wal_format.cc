// The write-ahead log's bytes.
#include "ledger/wal_format.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "ledger/entry_index.h"

namespace forge {

namespace {

static_assert(std::endian::native == std::endian::little, "the log's numbers are little-endian");

constexpr std::string_view segment_magic = "FORGEWAL";
constexpr std::string_view frame_magic = "FORGEFRM";
constexpr std::uint32_t format = 1;
constexpr std::uint32_t sidecar_is_written = 1;   // the only flag
constexpr std::size_t uuid_size = 36;
constexpr std::size_t salt_size = 16;
constexpr std::size_t segment_hash_at = 128;
constexpr std::size_t frame_hash_at = wal_frame_header - sizeof(Hash);

// Puts numbers and bytes one after the other.
class Writer {
public:
    template <class Number>
    Writer& number(Number value)
    {
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
        return *this;
    }
    Writer& bytes(std::string_view text)
    {
        bytes_.append(text);
        return *this;
    }
    std::string padded_to(std::size_t size)
    {
        bytes_.resize(size, '\0');
        return std::move(bytes_);
    }

private:
    std::string bytes_;
};

// Takes them out again; the caller knows that there are enough.
class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}
    template <class Number>
    Number number()
    {
        Number value{};
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }
    Hash hash()
    {
        Hash hash;
        std::ranges::copy(take(hash.size()), hash.begin());
        return hash;
    }
    std::string_view take(std::size_t size)
    {
        const std::string_view part = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return part;
    }

private:
    std::string_view rest_;
};

bool is_zero(std::string_view bytes)
{
    return std::ranges::all_of(bytes, [](char c) { return c == '\0'; });
}

std::size_t padded(std::size_t size)
{
    return (size + wal_block - 1) / wal_block * wal_block;
}

Hash hash_at(std::string_view bytes, std::size_t at)
{
    return Reader{bytes.substr(at)}.hash();
}

}

std::string encode_segment_header(const WalSegmentHeader& header)
{
    std::string bytes = Writer{}.bytes(segment_magic).number(format).number(std::uint32_t{0}).bytes(header.uuid).number(std::uint32_t{0})
                            .number(header.generation).bytes(header.salt).number(header.first_seq)
                            .bytes(text_of(header.previous)).padded_to(segment_hash_at);
    bytes += text_of(sha256(bytes));
    bytes.resize(wal_block, '\0');
    return bytes;
}

std::optional<WalSegmentHeader> parse_segment_header(std::string_view block)
{
    if (block.size() < wal_block || !block.starts_with(segment_magic)
        || hash_at(block, segment_hash_at) != sha256(block.substr(0, segment_hash_at))
        || !is_zero(block.substr(segment_hash_at + sizeof(Hash), wal_block - segment_hash_at - sizeof(Hash))))
        return std::nullopt;
    Reader reader{block.substr(segment_magic.size())};
    if (reader.number<std::uint32_t>() != format)
        return std::nullopt;
    reader.take(sizeof(std::uint32_t));
    WalSegmentHeader header;
    header.uuid = reader.take(uuid_size);
    reader.take(sizeof(std::uint32_t));
    header.generation = reader.number<std::uint64_t>();
    header.salt = reader.take(salt_size);
    header.first_seq = reader.number<std::uint64_t>();
    header.previous = reader.hash();
    return header;
}

EncodedFrame encode_frame(const Batch& frame, const WalSegmentHeader& segment, const Hash& previous)
{
    std::string head = Writer{}.bytes(frame_magic).number(format).number(frame.is_sidecar_written ? sidecar_is_written : 0U)
                           .number(segment.generation).number(frame.first_seq).number(frame.count)
                           .number(std::uint32_t{day_number(frame.day)}).number(frame.lines_offset).number(frame.sidecar_offset)
                           .number(static_cast<std::uint32_t>(frame.lines.size())).number(static_cast<std::uint32_t>(frame.sidecar.size()))
                           .number(static_cast<std::int64_t>(frame.ts.time_since_epoch().count()))
                           .bytes(text_of(previous)).bytes(text_of(frame.root_before)).bytes(text_of(frame.root_after))
                           .padded_to(frame_hash_at);
    EncodedFrame encoded;
    encoded.hash = sha256({bytes_of(segment.salt), bytes_of(head), bytes_of(frame.lines), bytes_of(frame.sidecar)});
    encoded.bytes.reserve(padded(wal_frame_header + frame.lines.size() + frame.sidecar.size()));
    encoded.bytes.append(head).append(text_of(encoded.hash)).append(frame.lines).append(frame.sidecar);
    encoded.bytes.resize(padded(encoded.bytes.size()), '\0');
    return encoded;
}

std::size_t WalFrameHeader::size() const noexcept
{
    return padded(wal_frame_header + lines_size + sidecar_size);
}

std::optional<WalFrameHeader> parse_frame_header(std::string_view bytes)
{
    if (bytes.size() < wal_frame_header || !bytes.starts_with(frame_magic))
        return std::nullopt;
    Reader reader{bytes.substr(frame_magic.size())};
    const auto version = reader.number<std::uint32_t>();
    const auto flags = reader.number<std::uint32_t>();
    WalFrameHeader header;
    WalFrame& frame = header.frame;
    frame.generation = reader.number<std::uint64_t>();
    frame.first_seq = reader.number<std::uint64_t>();
    frame.count = reader.number<std::uint32_t>();
    const auto day = reader.number<std::uint32_t>();
    frame.lines_offset = reader.number<std::uint64_t>();
    frame.sidecar_offset = reader.number<std::uint64_t>();
    header.lines_size = reader.number<std::uint32_t>();
    header.sidecar_size = reader.number<std::uint32_t>();
    frame.ts = WallTime{Micros{reader.number<std::int64_t>()}};
    frame.previous = reader.hash();
    frame.root_before = reader.hash();
    frame.root_after = reader.hash();
    header.hash = hash_at(bytes, frame_hash_at);
    if (version != format || (flags & ~sidecar_is_written) != 0 || frame.count == 0 || day > UINT16_MAX)
        return std::nullopt;
    frame.is_sidecar_written = (flags & sidecar_is_written) != 0;
    frame.day = day_name(static_cast<std::uint16_t>(day));
    return header;
}

std::optional<WalFrame> parse_frame(std::string_view bytes, std::string_view salt)
{
    auto header = parse_frame_header(bytes);
    if (!header || bytes.size() < header->size())
        return std::nullopt;
    const std::string_view lines = bytes.substr(wal_frame_header, header->lines_size);
    const std::string_view sidecar = bytes.substr(wal_frame_header + header->lines_size, header->sidecar_size);
    if (header->hash != sha256({bytes_of(salt), bytes_of(bytes.substr(0, frame_hash_at)), bytes_of(lines), bytes_of(sidecar)})
        || !is_zero(bytes.substr(wal_frame_header + lines.size() + sidecar.size(), header->size() - wal_frame_header - lines.size() - sidecar.size())))
        return std::nullopt;
    header->frame.lines = lines;
    header->frame.sidecar = sidecar;
    return std::move(header->frame);
}

}
