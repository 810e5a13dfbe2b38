#pragma once

#include "platform/descriptor.h"

namespace cloudnode::bench {

/// Keeps the processors of this machine from sleeping while it lives, as far as Linux lets us (it needs
/// root). One that sleeps has to be woken for the next message, and in a virtual machine that takes longer
/// than most of what is measured here: what is longer idle would look slower.
/// Source: Documentation/power/pm_qos_interface.rst in the kernel, /dev/cpu_dma_latency.
class AwakeProcessors {
public:
    AwakeProcessors();

    bool areAwake() const { return m_request.isOpen(); }

private:
    Descriptor m_request; ///< holds as long as it is open
};

} // namespace cloudnode::bench
