#include "logging.h"

#include "base/isotime.h"
#include "console.h"

#include <QMutex>
#include <QStringBuilder>

#include <atomic>
#include <cstdio>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::logging {

namespace {

struct State {
    QMutex mutex;
    SecretMask mask; // needs mutex
    std::atomic<bool> debug = false;
};

State &state()
{
    static State *instance = new State; // never destroyed: messages come until the very end
    return *instance;
}

QString levelName(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return u"debug"_s;
    case QtInfoMsg:
        return u"info"_s;
    case QtWarningMsg:
        return u"warning"_s;
    case QtCriticalMsg:
        return u"error"_s;
    case QtFatalMsg:
        return u"fatal"_s;
    }
    Q_UNREACHABLE();
}

/// Our own messages have no category worth showing; those of Qt and its plugins have.
QString categoryPrefix(const QMessageLogContext &context)
{
    const QByteArrayView category(context.category ? context.category : "");
    return category.isEmpty() || category == "default" ? QString() : QString::fromUtf8(category) + u": "_s;
}

void handle(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    State &log = state();
    if (type == QtDebugMsg && !log.debug)
        return;
    QString text = console::printable(message);
    text.replace(u'\n', u"\n    "_s); // nobody can forge a line of the log
    const QString time = isoTime(QDateTime::currentDateTimeUtc());
    const QString line = time % u' ' % levelName(type) % u' ' % categoryPrefix(context) % text % u'\n';

    const QMutexLocker locker(&log.mutex);
    const QByteArray masked = log.mask.mask(line.toUtf8());
    std::fwrite(masked.constData(), 1, static_cast<size_t>(masked.size()), stderr);
    std::fflush(stderr);
}

} // namespace

void install(Verbosity verbosity)
{
    state().debug = verbosity == Verbosity::Debug;
    qInstallMessageHandler(handle);
}

void hide(const SecretMask &mask)
{
    const QMutexLocker locker(&state().mutex);
    state().mask = mask;
}

} // namespace cloudnode::logging
