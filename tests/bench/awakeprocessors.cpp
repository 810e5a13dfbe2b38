#include "bench/awakeprocessors.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>

namespace cloudnode::bench {

AwakeProcessors::AwakeProcessors() : m_request(::open("/dev/cpu_dma_latency", O_WRONLY | O_CLOEXEC))
{
    constexpr std::int32_t microsecondsToWake = 0;
    if (m_request.isOpen() &&
        ::write(m_request.get(), &microsecondsToWake, sizeof microsecondsToWake) != sizeof microsecondsToWake)
        m_request.close();
}

} // namespace cloudnode::bench
