#include "faults/killorder.h"

#include <QFile>
#include <QHash>
#include <QSaveFile>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::faults {

void KillOrder::addTo(QProcessEnvironment &environment) const
{
    environment.insert(u"LD_PRELOAD"_s, QStringLiteral(CLOUDNODE_STEPS));
    environment.insert(u"CLOUDNODE_STEP_ORDER"_s, orderPath());
    environment.remove(u"CLOUDNODE_STEP_NO_SERVICE"_s);
    if (m_withoutService)
        environment.insert(u"CLOUDNODE_STEP_NO_SERVICE"_s, u"1"_s);
    environment.remove(u"CLOUDNODE_STEP_TRACE"_s);
    if (m_tracing)
        environment.insert(u"CLOUDNODE_STEP_TRACE"_s, tracePath());
    // A sanitized program wants to be loaded first; our library allocates next to nothing.
    const QString asan = environment.value(u"ASAN_OPTIONS"_s);
    if (!asan.isEmpty() && !asan.contains(u"verify_asan_link_order"_s))
        environment.insert(u"ASAN_OPTIONS"_s, asan + u":verify_asan_link_order=0"_s);
}

void KillOrder::give(const QString &step, int count) const
{
    QSaveFile file(orderPath());
    if (!file.open(QIODevice::WriteOnly) || file.write(u"%1 %2"_s.arg(step).arg(count).toUtf8()) < 0 ||
        !file.commit())
        qFatal("cannot write an order");
}

void KillOrder::withdraw() const
{
    QFile::remove(orderPath());
}

bool KillOrder::isPending() const
{
    return QFile::exists(orderPath());
}

QMap<QString, int> KillOrder::takeTrace() const
{
    QFile file(tracePath());
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QHash<QByteArray, int> counts; // by process and step
    QMap<QString, int> most;
    for (const QByteArray &line : file.readAll().split('\n')) {
        const qsizetype space = line.indexOf(' ');
        if (space < 0)
            continue;
        int &count = most[QString::fromUtf8(line.sliced(space + 1))];
        count = std::max(count, ++counts[line]);
    }
    file.remove();
    return most;
}

} // namespace cloudnode::faults
