// FastCGI 1.0, on libfcgi's public interface.
#include "lib/fastcgi.h"

#include <fastcgi.h>

#include <algorithm>
#include <array>

namespace forge::fastcgi {

namespace {

void append_header(std::string& out, unsigned char type, std::uint16_t request_id, std::size_t content)
{
    const std::array<unsigned char, FCGI_HEADER_LEN> header{FCGI_VERSION_1,
                                                            type,
                                                            static_cast<unsigned char>(request_id >> 8),
                                                            static_cast<unsigned char>(request_id),
                                                            static_cast<unsigned char>(content >> 8),
                                                            static_cast<unsigned char>(content),
                                                            0,
                                                            0};
    out.append(header.begin(), header.end());
}

void initialise_once()
{
    static const int result = FCGX_Init();
    static_cast<void>(result);
}

}

Exchange::Exchange(Fd connection)
{
    initialise_once();
    FCGX_InitRequest(&request_, -1, FCGI_FAIL_ACCEPT_ON_INTR);
    request_.ipcFd = connection.release();
    request_.keepConnection = 1;   // or FCGX_Accept_r would close it before it reads
    open_ = FCGX_Accept_r(&request_) >= 0;
}

Exchange::~Exchange()
{
    if (request_.ipcFd >= 0) {
        request_.keepConnection = 0;
        FCGX_Finish_r(&request_);
        FCGX_Free(&request_, 1);
    }
}

std::string_view Exchange::param(const char* name) const noexcept
{
    const char* const value = FCGX_GetParam(name, request_.envp);
    return value ? value : std::string_view{};
}

std::size_t Exchange::read(char* data, std::size_t size)
{
    const int count = FCGX_GetStr(data, static_cast<int>(size), request_.in);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
}

std::optional<std::string> Exchange::read_body(std::size_t limit)
{
    std::string body;
    bool too_long = false;
    std::array<char, 16384> block;
    while (const std::size_t count = read(block.data(), block.size())) {
        too_long = too_long || body.size() + count > limit;
        if (!too_long)
            body.append(block.data(), count);
    }
    if (too_long)
        return std::nullopt;
    return body;
}

void Exchange::write(std::string_view data)
{
    FCGX_PutStr(data.data(), static_cast<int>(data.size()), request_.out);
}

Fd Exchange::finish()
{
    FCGX_Finish_r(&request_);
    open_ = false;
    Fd connection{request_.ipcFd};
    request_.ipcFd = -1;
    return connection;
}

Handed Exchange::hand_over()
{
    FCGX_FFlush(request_.out);
    Handed handed{Fd{request_.ipcFd}, static_cast<std::uint16_t>(request_.requestId), request_.keepConnection != 0};
    FCGX_Free(&request_, 0);
    request_.ipcFd = -1;
    open_ = false;
    return handed;
}

std::string stdout_records(std::uint16_t request_id, std::string_view data)
{
    constexpr std::size_t largest = 65528;   // a multiple of 8, as the spec recommends
    std::string out;
    out.reserve(data.size() + (data.size() / largest + 1) * FCGI_HEADER_LEN);
    while (!data.empty()) {
        const std::string_view part = data.substr(0, largest);
        append_header(out, FCGI_STDOUT, request_id, part.size());
        out += part;
        data.remove_prefix(part.size());
    }
    return out;
}

std::string end_records(std::uint16_t request_id)
{
    std::string out;
    append_header(out, FCGI_STDOUT, request_id, 0);
    append_header(out, FCGI_END_REQUEST, request_id, 8);
    out.append(8, '\0');   // application status 0, FCGI_REQUEST_COMPLETE
    return out;
}

}
