#include "bench/floor/shell.h"

#include <QFile>
#include <QStandardPaths>

#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <vector>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

Shell::Shell(const QProcessEnvironment &environment)
    : m_program(QFile::encodeName(QStandardPaths::findExecutable(u"bash"_s)))
{
    for (const QString &variable : environment.toStringList())
        m_environment << variable.toLocal8Bit();
}

pid_t Shell::spawn(const QByteArray &command) const
{
    QByteArrayList words = {m_program, "-c", command};
    QByteArrayList variables = m_environment;
    const auto pointers = [](QByteArrayList &texts) {
        std::vector<char *> all;
        for (QByteArray &text : texts)
            all.push_back(text.data());
        all.push_back(nullptr);
        return all;
    };
    pid_t pid = 0;
    const int problem = ::posix_spawn(&pid, m_program.constData(), nullptr, nullptr, pointers(words).data(),
                                      pointers(variables).data());
    if (problem != 0)
        qFatal("cannot start a shell: %s", std::strerror(problem));
    return pid;
}

void Shell::waitFor(pid_t pid)
{
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
}

} // namespace cloudnode::bench
