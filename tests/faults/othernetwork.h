#pragma once

#include "base/error.h"

#include <QString>

#include <memory>

namespace cloudnode::faults {

/// A second network, joined to ours by one cable that can be pulled. Ours is a new one too: nothing here
/// touches the computer's own network.
class OtherNetwork {
public:
    static constexpr char ourAddress[] = "10.98.7.1";
    static constexpr char theirAddress[] = "10.98.7.2";

    /// Moves the calling thread, and all it starts, into a new network of its own. To be called before the
    /// first socket. Errors: it is not permitted here, or `ip` is missing.
    static Result<std::unique_ptr<OtherNetwork>> make();
    ~OtherNetwork();
    Q_DISABLE_COPY_MOVE(OtherNetwork)

    /// Packets vanish, both ways, and nobody is told.
    Result<void> pullCable();
    Result<void> plugCable();

    /// While it lives, what the calling thread starts and opens is over there.
    class Visit {
    public:
        explicit Visit(const OtherNetwork &network);
        ~Visit();
        Q_DISABLE_COPY_MOVE(Visit)

    private:
        int m_home;
    };

private:
    OtherNetwork(int home, int there) : m_home(home), m_there(there) {}

    int m_home;
    int m_there;
};

} // namespace cloudnode::faults
