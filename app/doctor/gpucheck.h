#pragma once

#include "doctor/check.h"

#include <QProcess>

namespace cloudnode {

/// Which GPUs workloads could use. None is no fault.
class GpuCheck final : public Check {
    Q_OBJECT

public:
    GpuCheck();
    ~GpuCheck() override; ///< ends nvidia-smi

protected:
    void look() override;

private:
    void judge();
    void lookForDevices();

    QProcess m_smi;
};

} // namespace cloudnode
