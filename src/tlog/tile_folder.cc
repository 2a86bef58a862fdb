// Tiles as files.
#include "tlog/tile_folder.h"

#include "base/error.h"
#include "os/file.h"

#include <cerrno>

namespace forge {

std::optional<Hashes> TileFolder::read_file_of(const Tile& tile, unsigned width) const
try {
    auto hashes = parse_tile(read_regular(folder_ + "/" + tile.path(), tile_width * sizeof(Hash)), tile.width);
    if (hashes)
        hashes->resize(width);
    return hashes;
} catch (const SystemError& error) {
    if (error.code != ENOENT && error.code != ENOTDIR)
        throw;
    return std::nullopt;
} catch (const Error&) {
    return std::nullopt;   // longer than any tile
}

std::optional<Hashes> TileFolder::read(const Tile& tile) const
{
    Tile full = tile;
    full.width = tile_width;
    if (auto hashes = read_file_of(full, tile.width))
        return hashes;
    if (tile.is_full())
        return std::nullopt;
    if (auto hashes = read_file_of(tile, tile.width))
        return hashes;
    const std::string partials = folder_ + "/" + full.path() + ".p";
    for (const std::string& name : names_if_any(partials)) {
        const auto width = parse_unsigned(name);
        if (!width || *width <= tile.width || *width >= tile_width)
            continue;
        Tile wider = tile;
        wider.width = static_cast<unsigned>(*width);
        if (auto hashes = read_file_of(wider, tile.width))
            return hashes;
    }
    // The full tile may have taken the place of the narrower ones meanwhile.
    return read_file_of(full, tile.width);
}

ReadTile TileFolder::reader() const
{
    return [this](const Tile& tile) {
        auto hashes = read(tile);
        if (!hashes)
            throw Error(file_of(tile) + ": missing, or not of the length that its name says");
        return std::move(*hashes);
    };
}

}
