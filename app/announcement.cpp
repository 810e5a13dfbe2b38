#include "announcement.h"

#include "logging.h"

#include <QDebug>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

void announce(const LoadedConfig &loaded)
{
    logging::hide(loaded.secretMask());
    for (const Error &warning : loaded.warnings)
        qWarning().noquote() << warning.text();
    for (const Error &note : loaded.notes)
        qInfo().noquote() << note.text();
    const NodeConfig &config = loaded.config;
    if (config.inference.isEmpty() && config.training.isEmpty() && config.simulate.isEmpty())
        qWarning().noquote() << u"no command is configured: the node will refuse all work. "
                                "Set training or inference in %1/cyberwave.yml."_s.arg(
                                    config.workingDirectory);
}

} // namespace cloudnode
