#include "node/installation.h"

#include "node/chronicle.h"
#include "node/failurenotice.h"
#include "node/logshipper.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

Installation::Installation(const Means &means, QObject *parent) : QObject(parent), m_means(means) {}

void Installation::start(const InstallScriptSettings &settings)
{
    m_script = std::make_unique<InstallScript>(settings);
    const auto shipTheRest = [this, logs = QStringList{settings.stdoutPath, settings.stderrPath}] {
        m_means.shipper.finish(logs);
    };
    connect(m_script.get(), &InstallScript::succeeded, this, [this, shipTheRest] {
        shipTheRest();
        m_means.chronicle.note(u"install"_s, EventJournal::Level::Info,
                               u"the install script has succeeded"_s);
        m_script.release()->deleteLater(); // it is its signal that brought us here
        emit succeeded();
    });
    connect(m_script.get(), &InstallScript::failed, this, [this, shipTheRest](const Error &reason) {
        shipTheRest();
        fail(reason);
    });
    m_means.chronicle.note(u"install"_s, EventJournal::Level::Info,
                           u"running the install script, its output is in %1"_s.arg(settings.stdoutPath));
    m_script->start();
    m_means.shipper.follow({.path = settings.stdoutPath, .stream = LogStream::Stdout});
    m_means.shipper.follow({.path = settings.stderrPath, .stream = LogStream::Stderr});
}

void Installation::stop()
{
    m_script.reset();
}

void Installation::fail(const Error &reason)
{
    m_means.chronicle.installFailed(reason);
    auto *notice = new FailureNotice(m_means.cloud, m_means.registration, m_means.shipper, reason.what, this);
    connect(notice, &FailureNotice::done, this, [this](bool told) {
        if (!told)
            m_means.chronicle.warn({u"the backend could not be told"_s, {}, {}});
        emit failed();
    });
    notice->start();
}

} // namespace cloudnode
