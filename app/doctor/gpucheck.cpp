#include "doctor/gpucheck.h"

#include <QDir>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

GpuCheck::GpuCheck() : Check(u"gpu"_s)
{
    connect(&m_smi, &QProcess::finished, this, &GpuCheck::judge);
    connect(&m_smi, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) // there is no NVIDIA driver
            lookForDevices();
    });
}

GpuCheck::~GpuCheck()
{
    m_smi.disconnect(this);
    m_smi.kill();
}

void GpuCheck::look()
{
    m_smi.start(u"nvidia-smi"_s, {u"--query-gpu=name,memory.total"_s, u"--format=csv,noheader"_s});
}

void GpuCheck::judge()
{
    const QString out = QString::fromUtf8(m_smi.readAllStandardOutput()).trimmed();
    if (m_smi.exitStatus() != QProcess::NormalExit || m_smi.exitCode() != 0)
        conclude({Finding::problem(subject(), u"nvidia-smi fails: "_s + out.section(u'\n', 0, 0),
                                   u"Check the NVIDIA driver; after an upgrade, restart the computer."_s)});
    else
        conclude({Finding::ok(subject(), out.split(u'\n').join(u"; "_s))});
}

void GpuCheck::lookForDevices()
{
    const QStringList devices = QDir(u"/dev/dri"_s).entryList({u"renderD*"_s}, QDir::System);
    if (devices.isEmpty())
        conclude({Finding::note(subject(), u"none found; workloads run on the processor"_s)});
    else
        conclude({Finding::ok(subject(), u"/dev/dri/"_s + devices.join(u", /dev/dri/"_s))});
}

} // namespace cloudnode
