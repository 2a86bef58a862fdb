// Fuzz target: a path of a tile is refused, or is exactly what is printed again.
#include "tlog/tile.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view path{reinterpret_cast<const char*>(data), size};
    const auto tile = forge::Tile::parse(path);
    if (tile && (tile->path() != path || tile->width < 1 || tile->width > forge::tile_width || tile->level > 63))
        std::abort();
    if (tile && forge::tile_width_in(~std::uint64_t{0}, tile->level, tile->index) > forge::tile_width)
        std::abort();
    return 0;
}
